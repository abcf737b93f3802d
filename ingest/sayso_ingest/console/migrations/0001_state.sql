-- What the team keeps in the console. Ids and names only: what people say is in the warehouse, and what the team says
-- of it goes there, too. Times are UTC, as ISO 8601.

CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    way TEXT NOT NULL,
    what TEXT NOT NULL,
    on_what TEXT NOT NULL
);

-- Apart from the record, which guesses must not fill: one row a user, and one ('') for all names that are none.
CREATE TABLE refused_sign_ins (
    who TEXT PRIMARY KEY,
    times INTEGER NOT NULL,
    last_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE ended_sessions (
    session_id TEXT PRIMARY KEY,
    until TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE read_marks (
    who TEXT NOT NULL,
    event_id TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (who, event_id)
) WITHOUT ROWID;

CREATE TABLE read_until (
    who TEXT PRIMARY KEY,
    until TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE problems (
    problem_id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    owner TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'fixed', 'ignored')),
    fixed_in TEXT NOT NULL,
    fixed_at TEXT,
    changed_at TEXT NOT NULL,
    changed_by TEXT NOT NULL
) WITHOUT ROWID;

-- What somebody has said in the queue: what was published may not know of it yet, and it can be undone.
CREATE TABLE turns (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    target TEXT NOT NULL,
    event_id TEXT -- of the annotation; NULL where it was skipped
);
CREATE INDEX turns_of ON turns (who, target);
