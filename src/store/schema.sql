-- The embedded store (SQLite, WAL, synchronous=FULL). No table holds the text of a note; `excerpt` is masked, encrypted and only
-- there when asked for. Times are Unix milliseconds.

CREATE TABLE rescan (
    no INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,               -- r-20261126-083015-k3x9: sorts by time, shown to people
    name TEXT NOT NULL,
    spec TEXT NOT NULL,                    -- JSON of rescan::spec::Spec, without passwords
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'cancelled', 'failed', 'done', 'partial')),
    wanted TEXT NOT NULL DEFAULT 'run' CHECK (wanted IN ('run', 'pause', 'cancel')),
    message TEXT,                          -- why it failed or is partial
    engine TEXT NOT NULL, model TEXT NOT NULL, lexicons TEXT NOT NULL, policy TEXT NOT NULL,
    baseline INTEGER REFERENCES rescan (no), -- whose findings of unchanged notes were carried over
    idempotency_key TEXT UNIQUE,
    request_digest TEXT,
    created_at INTEGER NOT NULL, started_at INTEGER, ended_at INTEGER,
    worked_ms INTEGER NOT NULL DEFAULT 0,  -- time spent running, stops left out
    owner TEXT, fence INTEGER NOT NULL DEFAULT 0, heartbeat INTEGER, -- who runs it; a commit with an old fence is refused
    manifest TEXT                          -- signed JSON, once it has ended
);

CREATE TABLE unit (
    id INTEGER PRIMARY KEY,
    rescan INTEGER NOT NULL REFERENCES rescan (no) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,              -- order of reading, from 0
    source TEXT NOT NULL,                  -- where it is, without password: postgres://vigie@host/crm, /exports
    name TEXT NOT NULL,                    -- table or file
    columns TEXT NOT NULL,                 -- JSON array of names
    expected_rows INTEGER,                 -- as the source says, before reading
    rows_read INTEGER NOT NULL DEFAULT 0,
    position TEXT,                         -- where reading goes on
    splits INTEGER NOT NULL DEFAULT 0,     -- committed
    done INTEGER NOT NULL DEFAULT 0,
    problem TEXT,                          -- why it could not be read to its end
    UNIQUE (rescan, ordinal)
);

-- seen = scanned + unchanged + empty + unreadable
CREATE TABLE coverage (
    unit INTEGER NOT NULL REFERENCES unit (id) ON DELETE CASCADE,
    column_name TEXT NOT NULL,
    seen INTEGER NOT NULL DEFAULT 0, scanned INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0,
    empty INTEGER NOT NULL DEFAULT 0, unreadable INTEGER NOT NULL DEFAULT 0,
    with_findings INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (unit, column_name)
) WITHOUT ROWID;

CREATE TABLE unreadable (
    id INTEGER PRIMARY KEY,
    unit INTEGER NOT NULL REFERENCES unit (id) ON DELETE CASCADE,
    note_key TEXT NOT NULL, column_name TEXT, reason TEXT NOT NULL
);
CREATE INDEX unreadable_unit ON unreadable (unit);

-- A committed page. `digests`: 8 bytes a note, a keyed hash of key, column, field and text, for incremental rescans.
CREATE TABLE split (
    unit INTEGER NOT NULL REFERENCES unit (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    rows INTEGER NOT NULL, first_key TEXT, last_key TEXT,
    digests BLOB NOT NULL,
    PRIMARY KEY (unit, ordinal)
) WITHOUT ROWID;

CREATE TABLE finding (
    id INTEGER PRIMARY KEY,
    unit INTEGER NOT NULL REFERENCES unit (id) ON DELETE CASCADE,
    note_key TEXT NOT NULL,
    column_name TEXT NOT NULL,
    field TEXT,                            -- as given to the policy
    category TEXT NOT NULL, subcategory TEXT,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, -- UTF-16 units of the note, half-open
    score REAL NOT NULL, severity TEXT NOT NULL, action TEXT NOT NULL,
    rule TEXT NOT NULL, sources TEXT NOT NULL, -- rule id; detectors joined by +
    fingerprint BLOB NOT NULL,             -- 16 bytes, keyed: see rescan::fingerprint
    excerpt BLOB,                          -- nonce and ciphertext
    team TEXT, author TEXT, month TEXT,    -- month: YYYY-MM
    digest INTEGER NOT NULL DEFAULT 0      -- of the note it was found in, as in split.digests
);
CREATE INDEX finding_note ON finding (unit, note_key);
CREATE INDEX finding_fingerprint ON finding (fingerprint);

-- How many findings there are, kept with every commit, so that progress never counts them.
CREATE TABLE tally (
    unit INTEGER NOT NULL REFERENCES unit (id) ON DELETE CASCADE,
    category TEXT NOT NULL, action TEXT NOT NULL,
    findings INTEGER NOT NULL,
    PRIMARY KEY (unit, category, action)
) WITHOUT ROWID;

-- The decision in force for a fingerprint, whatever the rescan; its history is review_event.
CREATE TABLE review (
    fingerprint BLOB PRIMARY KEY,
    decision TEXT NOT NULL CHECK (decision IN ('confirmed', 'dismissed', 'fixed')),
    reason TEXT, by TEXT, at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE review_event (
    id INTEGER PRIMARY KEY,
    fingerprint BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('confirmed', 'dismissed', 'fixed', 'undone', 'revealed')),
    reason TEXT, by TEXT, at INTEGER NOT NULL
);
CREATE INDEX review_event_fingerprint ON review_event (fingerprint);

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID; -- schema, key_check
