-- Whom an erasure is about, and everything that is theirs.

-- name: subject
CREATE OR REPLACE TEMP TABLE subject AS
SELECT $actor::VARCHAR AS actor, $anonymous::VARCHAR AS anonymous, $session::VARCHAR AS session,
    $target::VARCHAR AS target;

-- name: own
-- What the subject sent, or what was logged for it: also by a browser that belongs to that actor alone, and in a
-- session in which nobody else was seen, where nothing but the session is known. And what was erased before.
CREATE OR REPLACE TEMP TABLE own AS
WITH aliases AS (
    SELECT anonymous
    FROM ties
    GROUP BY anonymous
    HAVING count(DISTINCT actor) = 1 AND any_value(actor) = (SELECT actor FROM subject)
), named AS (
    SELECT e.event_id, e.session
    FROM events e, subject s
    WHERE e.actor = s.actor OR (e.actor IS NULL AND e.anonymous IN (SELECT anonymous FROM aliases))
       OR e.anonymous = s.anonymous OR e.session = s.session OR e.target = s.target
       OR e.event_id IN (SELECT event_id FROM erased_ids)
), alone AS (
    SELECT session
    FROM events
    WHERE session IN (SELECT session FROM named WHERE (SELECT actor IS NOT NULL OR anonymous IS NOT NULL FROM subject))
    GROUP BY session
    HAVING bool_and(event_id IN (SELECT event_id FROM named) OR who = 'session:' || session
        OR starts_with(who, 'event:') OR starts_with(who, 'judge:'))
)
SELECT event_id, kind, target
FROM events
WHERE event_id IN (SELECT event_id FROM named)
   OR (session IN (SELECT session FROM alone) AND (who = 'session:' || session OR starts_with(who, 'event:')));

-- name: own_targets
-- Answers that were given to the subject and to nobody else, with the steps that led to them; and their sessions, of
-- which somebody may have said something as of a target.
CREATE OR REPLACE TEMP TABLE own_targets AS
WITH RECURSIVE own_answers AS (
    SELECT target
    FROM events
    WHERE kind = 'interaction' AND target IN (SELECT target FROM own WHERE kind = 'interaction')
    GROUP BY target
    HAVING bool_and(event_id IN (SELECT event_id FROM own))
    UNION
    SELECT e.target FROM events e JOIN own_answers o ON e.parent = o.target WHERE e.kind = 'interaction'
)
SELECT target FROM own_answers WHERE target IS NOT NULL
UNION
SELECT target FROM subject WHERE target IS NOT NULL
UNION
SELECT session FROM subject WHERE session IS NOT NULL;

-- name: gone
-- With what anybody said about these, for it quotes them: labels, judgements, corrections. And what explains or takes
-- back any of it.
CREATE OR REPLACE TEMP TABLE gone AS
WITH about_them AS (
    SELECT event_id FROM own
    UNION
    SELECT event_id FROM events WHERE target IN (SELECT target FROM own_targets)
)
SELECT event_id, kind, target, actor, anonymous, session
FROM events
WHERE event_id IN (SELECT event_id FROM about_them)
   OR about IN (SELECT event_id FROM about_them) OR "of" IN (SELECT event_id FROM about_them);

-- name: gone_counts
SELECT kind, count(*) FROM gone GROUP BY kind ORDER BY kind;

-- name: gone_ids
SELECT event_id::VARCHAR FROM gone;

-- name: gone_names
-- What the subject is called wherever it is named, by the field that holds such a name: by itself, by browsers and
-- sessions of which nobody else is known, and by its targets.
WITH others AS (
    SELECT anonymous, session
    FROM events
    WHERE event_id NOT IN (SELECT event_id FROM gone)
), persons AS (
    SELECT g.anonymous, g.session
    FROM gone g
    WHERE g.event_id IN (SELECT event_id FROM own) AND (SELECT target IS NULL FROM subject)
)
SELECT 'actor' AS field, actor AS name FROM subject WHERE actor IS NOT NULL
UNION
SELECT 'anonymous', anonymous FROM subject WHERE anonymous IS NOT NULL
UNION
SELECT 'anonymous', anonymous
FROM persons
WHERE anonymous IS NOT NULL AND (SELECT session IS NULL FROM subject)
  AND anonymous NOT IN (SELECT anonymous FROM others WHERE anonymous IS NOT NULL)
UNION
SELECT 'session', session FROM subject WHERE session IS NOT NULL
UNION
SELECT 'session', session
FROM persons
WHERE session IS NOT NULL AND session NOT IN (SELECT session FROM others WHERE session IS NOT NULL)
UNION
SELECT 'target', target FROM own_targets;

-- name: said
CREATE OR REPLACE TEMP TABLE said AS
SELECT DISTINCT unnest([e.input, e.output, e.text, e.comment, e.original, e.proposed, e.final, e.expected, e.note,
    e.rationale]) AS said
FROM events e
WHERE e.event_id IN (SELECT event_id FROM gone);

-- name: gone_texts
-- What was said, and whether somebody else has said the same.
WITH others AS (
    SELECT unnest([e.input, e.output, e.text, e.comment, e.original, e.proposed, e.final, e.expected, e.note, e.rationale])
        AS said
    FROM events e
    WHERE e.event_id NOT IN (SELECT event_id FROM gone)
), shared AS (
    SELECT DISTINCT said FROM others SEMI JOIN said USING (said)
)
SELECT said, said IN (SELECT said FROM shared) FROM said WHERE said IS NOT NULL;

-- name: rejects_kept
SELECT reject_id::VARCHAR, event_id, raw, detail, reject_id IN (SELECT event_id FROM erased_ids) FROM rejects;

-- name: spelt_otherwise
-- In another Unicode form, in upper or lower case, or with spaces around it: to whoever reads it, the same.
WITH ids AS (
    SELECT $field AS id, count(*) AS n FROM events WHERE $field <> $id GROUP BY $field
), told AS (
    SELECT id, n, regexp_replace(nfc_normalize(lower(id)), '^[\s\p{Z}]+|[\s\p{Z}]+$', '', 'g') AS read
    FROM (FROM ids UNION ALL SELECT $id, 0)
)
SELECT id, n FROM told WHERE n > 0 AND read = (SELECT read FROM told WHERE n = 0) ORDER BY n DESC, id LIMIT 20;

-- name: erase_events
DELETE FROM events WHERE event_id IN (SELECT event_id FROM gone);

-- name: erase_rejects
DELETE FROM rejects WHERE list_contains(?::UUID[], reject_id);

-- name: remember_ids
INSERT INTO erased_ids SELECT DISTINCT unnest(?::UUID[]) EXCEPT SELECT event_id FROM erased_ids;

-- name: erase_ties
-- Also what only erased events told of others; what was told by events that are past their age stays.
DELETE FROM ties
WHERE (EXISTS (SELECT 1 FROM gone g WHERE g.anonymous = ties.anonymous AND g.actor = ties.actor)
        AND NOT EXISTS (SELECT 1 FROM events e WHERE e.anonymous = ties.anonymous AND e.actor = ties.actor))
   OR actor = (SELECT actor FROM subject) OR anonymous = (SELECT anonymous FROM subject)
   OR anonymous NOT IN (SELECT anonymous FROM events WHERE anonymous IS NOT NULL);

-- name: clear_identities
DELETE FROM identity_state;

-- name: identities_anew
INSERT INTO identity_state
SELECT 'anonymous:' || anonymous, 'actor:' || any_value(actor)
FROM ties
GROUP BY anonymous
HAVING count(DISTINCT actor) = 1;

-- name: count_again
-- How many events and rejects have an id that was erased.
WITH gone AS (SELECT unnest($ids::UUID[]) AS event_id)
SELECT (SELECT count(*) FROM events SEMI JOIN gone USING (event_id)),
    (SELECT count(*) FROM rejects SEMI JOIN gone ON reject_id = gone.event_id);
