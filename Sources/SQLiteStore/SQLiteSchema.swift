internal import GRDB

/// The tables of the store, and how an older file becomes one of this version.
///
/// A migration that has been published is never changed; what is new comes in one of its own.
enum SQLiteSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: jobs and shards") { db in
            for statement in jobs + shards + history { try db.execute(sql: statement) }
        }
        migrator.registerMigration("2: time worked") { db in
            for statement in timeWorked { try db.execute(sql: statement) }
        }
        return migrator
    }

    /// `claimable` is 1 where a shard can be claimed at once; `due` is when the first that waits for a time can.
    private static let jobs = [
        "CREATE TABLE input (digest TEXT NOT NULL PRIMARY KEY, bytes BLOB NOT NULL) STRICT",
        """
        CREATE TABLE job (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
            requirement TEXT NOT NULL, payload BLOB NOT NULL, identity TEXT NOT NULL,
            input TEXT REFERENCES input (digest), client TEXT NOT NULL, priority INTEGER NOT NULL,
            state TEXT NOT NULL, attempts INTEGER NOT NULL, maximum_attempts INTEGER NOT NULL,
            created INTEGER NOT NULL, scheduled INTEGER NOT NULL, started INTEGER, finished INTEGER, error TEXT,
            done INTEGER NOT NULL, total INTEGER NOT NULL, claimable INTEGER NOT NULL, due INTEGER
        ) STRICT
        """,
        """
        CREATE INDEX job_claimable ON job (kind, requirement, priority DESC, number) WHERE claimable = 1
        """,
        """
        CREATE INDEX job_claimable_client ON job (kind, requirement, client, priority DESC, number)
            WHERE claimable = 1
        """,
        "CREATE INDEX job_due ON job (due) WHERE due IS NOT NULL",
        """
        CREATE UNIQUE INDEX job_identity ON job (client, identity) WHERE state NOT IN ('cancelled', 'discarded')
        """,
        "CREATE INDEX job_open ON job (client) WHERE finished IS NULL",
        "CREATE INDEX job_finished ON job (finished) WHERE finished IS NOT NULL",
        "CREATE INDEX job_input ON job (input)",
        "CREATE INDEX job_created ON job (created, number)",
        "CREATE INDEX job_state ON job (state, created, number)",
        "CREATE INDEX job_kind ON job (kind, created, number)",
        "CREATE INDEX job_state_kind ON job (state, kind, created, number)",
        "CREATE INDEX job_client ON job (client, created, number)",
    ]

    /// Of older jobs it is not known when nobody worked on them: all of the time up to their last progress is taken.
    private static let timeWorked = [
        "ALTER TABLE job ADD COLUMN worked INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE job ADD COLUMN worked_from INTEGER",
        """
        UPDATE job SET worked = MAX(0, COALESCE((
            SELECT MAX(time) FROM event WHERE event.job = job.number AND event.kind = 'progress'), started) - started)
        WHERE started IS NOT NULL
        """,
    ]

    /// The state of a shard is 0 while it waits, 1 while it is leased, 2 when it is done.
    private static let shards = [
        """
        CREATE TABLE shard (
            job INTEGER NOT NULL REFERENCES job (number) ON DELETE CASCADE, place INTEGER NOT NULL,
            items BLOB NOT NULL, state INTEGER NOT NULL, due INTEGER, attempts INTEGER NOT NULL,
            lease TEXT, worker TEXT, until INTEGER,
            PRIMARY KEY (job, place)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX shard_waiting ON shard (job, due, place) WHERE state = 0",
        "CREATE INDEX shard_leased ON shard (job) WHERE state = 1",
        "CREATE UNIQUE INDEX shard_lease ON shard (lease) WHERE state = 1",
        "CREATE INDEX shard_until ON shard (until) WHERE state = 1",
        """
        CREATE TABLE result (
            job INTEGER NOT NULL REFERENCES job (number) ON DELETE CASCADE, place INTEGER NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (job, place)
        ) STRICT
        """,
    ]

    private static let history = [
        """
        CREATE TABLE idempotency_key (
            client TEXT NOT NULL, key TEXT NOT NULL, job INTEGER NOT NULL REFERENCES job (number) ON DELETE CASCADE,
            PRIMARY KEY (client, key)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX idempotency_key_job ON idempotency_key (job)",
        """
        CREATE TABLE event (
            number INTEGER PRIMARY KEY AUTOINCREMENT, job INTEGER NOT NULL REFERENCES job (number) ON DELETE CASCADE,
            time INTEGER NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, done INTEGER NOT NULL,
            total INTEGER NOT NULL, error TEXT
        ) STRICT
        """,
        "CREATE INDEX event_job ON event (job, number)",
    ]
}
