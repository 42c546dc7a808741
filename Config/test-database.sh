# A PostgreSQL server for one run of the tests, in a folder of its own: sourced by ./test.
# It listens on a socket in that folder alone, and nothing of it is kept.

# Debian 12's names of what the tests start besides the program itself; the last three for trials of networks and clocks.
test_packages=(postgresql python3 iproute2 nftables faketime)

start_test_database() {
    local programs
    programs=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
    if [ ! -x "$programs/initdb" ]; then
        echo "There is no initdb under /usr/lib/postgresql: install Debian's package 'postgresql'." >&2
        exit 1
    fi
    test_database=$(mktemp -d -t switchback-postgres.XXXXXX)
    test_database_as=()
    if [ "$(id -u)" -eq 0 ]; then
        # The server refuses to run as root.
        chown postgres "$test_database"
        test_database_as=(runuser -u postgres --)
    fi
    test_database_control=("${test_database_as[@]}" "$programs/pg_ctl" -D "$test_database/data")
    # What a run of the tests keeps need not survive a loss of power.
    (cd "$test_database" \
        && "${test_database_as[@]}" "$programs/initdb" -D data -U switchback -A trust -E UTF8 --no-sync >initdb.log 2>&1 \
        && "${test_database_control[@]}" -l "$test_database/log" -w -o \
            "-c listen_addresses='' -c unix_socket_directories='$test_database' -c fsync=off" start >/dev/null) || {
        echo "The tests' database could not be started:" >&2
        cat "$test_database"/*log >&2 2>/dev/null || true
        exit 1
    }
    trap stop_test_database EXIT
    export TEST_POSTGRES="postgresql:///postgres?host=$test_database&user=switchback"
}

stop_test_database() {
    (cd / && "${test_database_control[@]}" -m immediate stop >/dev/null 2>&1) || true
    rm -rf "$test_database"
}
