internal import SQLJobs

/// The tables of the store, and how an older database becomes one of this version.
///
/// A migration that has been published is never changed; what is new comes in one of its own.
enum PostgresSchema {
    /// Brings `schema` to this version, whoever else does so at the same time.
    static func migrate<Failure: PostgresStoreError>(
        _ pool: PostgresPool, schema: String, throwing failure: Failure.Type
    ) throws(Failure) {
        try pool.transaction("bring the database to this version", throwing: failure) { db in
            // Held until the transaction ends: one process migrates, the others find it done.
            try db.run("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [.text(schema)])
            try db.execute("CREATE SCHEMA IF NOT EXISTS \(PostgresConnection.quoted(schema))")
            try db.execute("CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY)")
            let newest = try db.first("SELECT COALESCE(MAX(number), 0) AS number FROM migration", [])
            let done = try newest?.count("number") ?? 0
            guard done <= migrations.count else {
                throw PostgresFailure(
                    state: nil,
                    reason: "it is of version \(done), and this program knows versions up to \(migrations.count)",
                    isConnectionLost: false)
            }
            for (index, statements) in migrations.enumerated().dropFirst(done) {
                try db.execute(statements)
                try db.run("INSERT INTO migration VALUES ($1)", [.count(index + 1)])
            }
        }
    }

    private static let migrations = [jobs + shards + history, blobs, timeWorked]

    /// `claimable` is 1 where a shard can be claimed at once; `due` is when the first that waits for a time can.
    private static let jobs = """
        CREATE TABLE input (digest TEXT PRIMARY KEY, bytes BYTEA NOT NULL);
        CREATE TABLE job (
            number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
            requirement TEXT NOT NULL, payload BYTEA NOT NULL, identity TEXT NOT NULL,
            input TEXT REFERENCES input (digest), client TEXT NOT NULL, priority BIGINT NOT NULL,
            state TEXT NOT NULL, attempts BIGINT NOT NULL, maximum_attempts BIGINT NOT NULL,
            created BIGINT NOT NULL, scheduled BIGINT NOT NULL, started BIGINT, finished BIGINT, error TEXT,
            done BIGINT NOT NULL, total BIGINT NOT NULL, claimable BIGINT NOT NULL, due BIGINT
        );
        CREATE INDEX job_claimable ON job (kind, requirement, priority DESC, number) WHERE claimable = 1;
        CREATE INDEX job_claimable_client ON job (kind, requirement, client, priority DESC, number)
            WHERE claimable = 1;
        CREATE INDEX job_due ON job (due) WHERE due IS NOT NULL;
        CREATE UNIQUE INDEX job_identity ON job (client, identity) WHERE state NOT IN ('cancelled', 'discarded');
        CREATE INDEX job_open ON job (client) WHERE finished IS NULL;
        CREATE INDEX job_finished ON job (finished) WHERE finished IS NOT NULL;
        CREATE INDEX job_input ON job (input);
        CREATE INDEX job_created ON job (created, number);
        CREATE INDEX job_state_kind ON job (state, kind, created, number);
        CREATE INDEX job_state ON job (state, created, number);
        CREATE INDEX job_kind ON job (kind, created, number);
        CREATE INDEX job_client ON job (client, created, number);
        """

    /// The state of a shard is 0 while it waits, 1 while it is leased, 2 when it is done.
    private static let shards = """
        CREATE TABLE shard (
            job BIGINT NOT NULL REFERENCES job (number) ON DELETE CASCADE, place BIGINT NOT NULL,
            items BYTEA NOT NULL, state BIGINT NOT NULL, due BIGINT, attempts BIGINT NOT NULL,
            lease TEXT, worker TEXT, until BIGINT,
            PRIMARY KEY (job, place)
        );
        CREATE INDEX shard_waiting ON shard (job, due, place) WHERE state = 0;
        CREATE INDEX shard_leased ON shard (job) WHERE state = 1;
        CREATE UNIQUE INDEX shard_lease ON shard (lease) WHERE state = 1;
        CREATE INDEX shard_until ON shard (until) WHERE state = 1;
        CREATE TABLE result (
            job BIGINT NOT NULL REFERENCES job (number) ON DELETE CASCADE, place BIGINT NOT NULL,
            bytes BYTEA NOT NULL,
            PRIMARY KEY (job, place)
        );
        """

    private static let history = """
        CREATE TABLE idempotency_key (
            client TEXT NOT NULL, key TEXT NOT NULL, job BIGINT NOT NULL REFERENCES job (number) ON DELETE CASCADE,
            PRIMARY KEY (client, key)
        );
        CREATE INDEX idempotency_key_job ON idempotency_key (job);
        CREATE TABLE event (
            number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            job BIGINT NOT NULL REFERENCES job (number) ON DELETE CASCADE,
            time BIGINT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, done BIGINT NOT NULL,
            total BIGINT NOT NULL, error TEXT
        );
        CREATE INDEX event_job ON event (job, number);
        """

    /// Of older jobs it is not known when nobody worked on them: all of the time up to their last progress is taken.
    private static let timeWorked = """
        ALTER TABLE job ADD COLUMN worked BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE job ADD COLUMN worked_from BIGINT;
        UPDATE job SET worked = GREATEST(0, COALESCE((
            SELECT MAX(time) FROM event WHERE event.job = job.number AND event.kind = 'progress'), started) - started)
        WHERE started IS NOT NULL;
        """

    /// `turn` is the place in the order of use; who keeps a blob, there or not, is in `blob_owner`.
    ///
    /// The bytes are those of files that are compressed already, or of random digits: the server need not try.
    private static let blobs = """
        CREATE TABLE blob_total (collection TEXT PRIMARY KEY, count BIGINT NOT NULL, bytes BIGINT NOT NULL);
        CREATE SEQUENCE blob_turn;
        CREATE TABLE blob (
            collection TEXT NOT NULL, digest TEXT NOT NULL, bytes BYTEA NOT NULL, size BIGINT NOT NULL,
            stored BIGINT NOT NULL, turn BIGINT NOT NULL DEFAULT nextval('blob_turn'),
            PRIMARY KEY (collection, digest)
        );
        ALTER TABLE blob ALTER COLUMN bytes SET STORAGE EXTERNAL;
        CREATE INDEX blob_turns ON blob (collection, turn);
        CREATE INDEX blob_stored ON blob (collection, stored);
        CREATE TABLE blob_owner (
            collection TEXT NOT NULL, owner TEXT NOT NULL, digest TEXT NOT NULL,
            PRIMARY KEY (collection, owner, digest)
        );
        CREATE INDEX blob_owner_digest ON blob_owner (collection, digest);
        """
}
