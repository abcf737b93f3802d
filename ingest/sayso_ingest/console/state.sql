-- What is read from and written to the team's own file, console.sqlite.

-- name: record
INSERT INTO audit (at, who, way, what, on_what) VALUES (:at, :who, :way, :what, :on_what);

-- name: trim_audit
DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - :most;

-- name: audit
-- A page of the record, newest first, before an id.
SELECT id, at, who, way, what, on_what
FROM audit
WHERE (:before IS NULL OR id < :before) AND (:who = '' OR who = :who)
ORDER BY id DESC
LIMIT :limit;

-- name: refuse_sign_in
INSERT INTO refused_sign_ins VALUES (:who, 1, :at)
ON CONFLICT (who) DO UPDATE SET times = times + 1, last_at = excluded.last_at;

-- name: refused_sign_ins
SELECT who, times, last_at FROM refused_sign_ins ORDER BY last_at DESC, who;

-- name: end_session
INSERT OR REPLACE INTO ended_sessions VALUES (:session_id, :until);

-- name: forget_sessions
DELETE FROM ended_sessions WHERE until < :now;

-- name: ended_session
SELECT 1 FROM ended_sessions WHERE session_id = :session_id;

-- name: mark_read
INSERT OR REPLACE INTO read_marks VALUES (:who, :event_id, :at);

-- name: mark_unread
DELETE FROM read_marks WHERE who = :who AND event_id = :event_id;

-- name: trim_marks
-- Keeps the newest marks of somebody.
DELETE FROM read_marks
WHERE who = :who AND event_id IN (
    SELECT event_id FROM read_marks WHERE who = :who ORDER BY at DESC, event_id LIMIT -1 OFFSET :most);

-- name: forget_marks
DELETE FROM read_marks WHERE who = :who;

-- name: read_all_until
INSERT INTO read_until VALUES (:who, :until)
ON CONFLICT (who) DO UPDATE SET until = max(until, excluded.until);

-- name: read_marks
SELECT event_id FROM read_marks WHERE who = :who;

-- name: read_until
SELECT until FROM read_until WHERE who = :who;

-- name: problems
SELECT problem_id, title, owner, status, fixed_in, fixed_at, changed_at, changed_by FROM problems;

-- name: change_problem
INSERT OR REPLACE INTO problems
VALUES (:problem_id, :title, :owner, :status, :fixed_in, :fixed_at, :changed_at, :changed_by);

-- name: take_turn
INSERT INTO turns (at, who, target, event_id) VALUES (:at, :who, :target, :event_id);

-- name: last_turn
SELECT id, target, event_id FROM turns WHERE who = :who ORDER BY id DESC LIMIT 1;

-- name: undo_turn
DELETE FROM turns WHERE id = :id;

-- name: turns
SELECT DISTINCT target FROM turns WHERE who = :who;

-- name: trim_turns
DELETE FROM turns
WHERE id IN (SELECT id FROM turns WHERE who = :who ORDER BY id DESC LIMIT -1 OFFSET :most);

-- name: turns_of_others
SELECT DISTINCT target FROM turns WHERE who <> :who AND event_id IS NOT NULL;

-- name: turns_taken
SELECT count(*) AS n FROM turns WHERE who = :who AND event_id IS NOT NULL;
