# What Switchback needs from the machine, in one place: sourced by ./run and ./test.
# Each function says exactly what is missing and how to get it, and ends the script with status 1.

# Debian 12's names of the libraries that the build links, and pkg-config, which SwiftPM asks where they are.
build_packages=(
    libturbojpeg0-dev libspng-dev libwebp-dev libfreetype-dev zlib1g-dev libssl-dev libsqlite3-dev
    libpq-dev pkg-config
)

required_swift=6.2

require_swift() {
    if ! command -v swift >/dev/null 2>&1; then
        echo "Swift is missing: install Swift $required_swift or newer (https://www.swift.org/install/linux/)" \
            "and put its 'swift' on the PATH." >&2
        exit 1
    fi
    local found
    found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    if [ -z "$found" ]; then
        echo "'swift --version' failed; Swift $required_swift or newer is needed. It said:" >&2
        swift --version >&2 || true
        exit 1
    fi
    if [ "$(printf '%s\n' "$required_swift" "$found" | sort -V | head -n 1)" != "$required_swift" ]; then
        echo "Swift $found is too old: Switchback needs Swift $required_swift or newer." >&2
        exit 1
    fi
}

# Installs the named Debian packages where that is possible; says what is left out where it is not.
want_packages() {
    (require_packages "$@") || echo "Without $*: the tests that need it are left out." >&2
}

# Installs those of the named Debian packages that are missing; asks for nothing when all are there.
require_packages() {
    local missing=() package
    if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
        echo "This is not a Debian system (no apt-get). Install the equivalents of these packages by hand," \
            "then run 'swift build -c release': $*" >&2
        exit 1
    fi
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    echo "Installing Debian packages: ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            echo "Not root and no sudo: ask an administrator to run: apt-get install ${missing[*]}" >&2
            exit 1
        fi
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" \
        >/dev/null || {
        echo "apt-get could not install: ${missing[*]}" >&2
        exit 1
    }
}
