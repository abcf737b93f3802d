-- name: verdicts
-- about: The present state of what one person says about one thing: latest wins, a retraction or null clears
-- columns:
--   target: what it is about
--   part: a part of the target, or an empty text
--   who: who said it, typed, after ties: actor:x, anonymous:x, session:x, judge:x or event:id
--   kind: thumb, suggestion, rating, comment, preference, annotation or judgement
--   name: the dimension asked about, or an empty text
--   rubric: the rubric, or an empty text
--   value: what is said, as text; NULL where it was taken back
--   score: what is said, as a number, where it is one; NULL where it was taken back
--   retracted: taken back by a retraction
--   event_id: the event that says so
--   occurred_at: when, UTC
--   verified: sent with a secret key, not by an open browser key
--   key_id: the key that sent it
SELECT target, part, person AS who, kind, name, rubric,
    CASE WHEN NOT retracted THEN value END AS value, CASE WHEN NOT retracted THEN score END AS score,
    retracted, event_id, occurred_at, verified, key_id
FROM verdict_state
WHERE wins
