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
WITH winners AS (
    SELECT s.target, s.part, coalesce(i.who, s.who) AS who, s.kind, s.name, s.rubric,
        unnest(arg_max(
            {'value': s.value, 'score': s.score, 'event_id': s.event_id, 'occurred_at': s.occurred_at,
             'verified': s.verified, 'key_id': s.key_id},
            row(s.occurred_at, s.seq, s.event_id)))
    FROM verdict_state s
    LEFT JOIN identities i ON i.alias = s.who
    GROUP BY s.target, s.part, coalesce(i.who, s.who), s.kind, s.name, s.rubric
)
SELECT w.target, w.part, w.who, w.kind, w.name, w.rubric,
    CASE WHEN r.event_id IS NULL THEN w.value END AS value,
    CASE WHEN r.event_id IS NULL THEN w.score END AS score,
    r.event_id IS NOT NULL AS retracted,
    w.event_id, w.occurred_at, w.verified, w.key_id
FROM winners w
LEFT JOIN (
    SELECT DISTINCT v.event_id
    FROM winners v
    JOIN retractions t ON t.retracted_id = v.event_id AND (t.by_backend OR t.who = v.who)
) r ON r.event_id = w.event_id
