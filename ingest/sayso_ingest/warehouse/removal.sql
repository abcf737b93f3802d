-- Removing what is past its age. The state tables are folded anew after it, so that they say what the events say.

-- name: cutoffs
CREATE OR REPLACE TEMP TABLE cutoffs AS
SELECT unnest(?::VARCHAR[]) AS what, unnest(?::TIMESTAMP[]) AS before;

-- name: past
-- What of the events goes whole. Of an interaction past its age the row stays, without texts and without whom it was
-- for, as long as anything is kept that was said about it: without its prompt and model that could not be told apart.
-- A retraction stays as long as what it takes back, which would stand again.
CREATE OR REPLACE TEMP TABLE past AS
WITH old AS (
    SELECT e.event_id, e.kind, e.target, e.session, e."of"
    FROM events e
    JOIN cutoffs c ON c.what = e.kind
    WHERE e.received_at < c.before
), said AS (
    SELECT event_id, kind FROM old WHERE kind NOT IN ('interaction', 'retraction')
), left_over AS (
    SELECT event_id, target FROM events WHERE event_id NOT IN (SELECT event_id FROM said)
      AND kind NOT IN ('interaction', 'retraction')
)
FROM said
UNION ALL
SELECT event_id, kind FROM old WHERE kind = 'retraction' AND "of" NOT IN (SELECT event_id FROM left_over)
UNION ALL
SELECT event_id, kind
FROM old
WHERE kind = 'interaction'
  AND NOT EXISTS (SELECT 1 FROM left_over l WHERE l.target = old.target OR l.target = old.session);

-- name: bared
CREATE OR REPLACE TEMP TABLE bared AS
SELECT e.event_id
FROM events e
JOIN cutoffs c ON c.what = e.kind
WHERE e.kind = 'interaction' AND e.received_at < c.before AND e.event_id NOT IN (SELECT event_id FROM past)
  AND e.who <> 'event:' || e.event_id;

-- name: past_counts
SELECT p.kind AS what, any_value(c.before) AS before, count(*) AS n
FROM past p
JOIN cutoffs c ON c.what = p.kind
GROUP BY p.kind
UNION ALL
SELECT 'texts', (SELECT before FROM cutoffs WHERE what = 'interaction'), count(*) FROM bared HAVING count(*) > 0
UNION ALL
SELECT 'rejects', c.before, count(*)
FROM rejects r
JOIN cutoffs c ON c.what = 'rejects'
WHERE r.received_at < c.before
GROUP BY c.before;

-- name: remove_past
DELETE FROM events WHERE event_id IN (SELECT event_id FROM past);

-- name: bare
UPDATE events
SET actor = NULL, anonymous = NULL, who = 'event:' || event_id, meta = NULL, extra = NULL, input = NULL,
    input_messages = NULL, output = NULL, output_messages = NULL, variables = NULL, contexts = NULL, candidates = NULL,
    trace_id = NULL, span_id = NULL
WHERE event_id IN (SELECT event_id FROM bared);

-- name: remove_rejects
DELETE FROM rejects
WHERE received_at < (SELECT before FROM cutoffs WHERE what = 'rejects');

-- name: remove_ties
-- Who a browser belongs to is known as long as anything is kept that it said.
DELETE FROM ties WHERE anonymous NOT IN (SELECT anonymous FROM events WHERE anonymous IS NOT NULL);

-- name: remove_identities
DELETE FROM identity_state
WHERE alias NOT IN (SELECT 'anonymous:' || anonymous FROM ties);

-- name: note_removal
INSERT INTO removals VALUES (?, ?, ?, ?, ?);

-- name: fold_anew
-- The next fold begins at the first landing; to publish it, there is another one. What was removed is still in blocks that
-- are free now, until all is written anew.
UPDATE progress SET landing = landing + 1, folded = 0, rewrite_due = true;
