-- A problem that somebody works on. SQLite changes no check: the table is made anew.

ALTER TABLE problems RENAME TO problems_before;

CREATE TABLE problems (
    problem_id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    owner TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'doing', 'fixed', 'ignored')),
    fixed_in TEXT NOT NULL,
    fixed_at TEXT,
    changed_at TEXT NOT NULL,
    changed_by TEXT NOT NULL
) WITHOUT ROWID;

INSERT INTO problems
SELECT problem_id, title, owner, status, fixed_in, fixed_at, changed_at, changed_by FROM problems_before;

DROP TABLE problems_before;
