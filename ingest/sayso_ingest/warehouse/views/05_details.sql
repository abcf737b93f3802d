-- name: details
-- about: What was said after the first click: for each event the latest detail that counts
-- columns:
--   about: the event it explains
--   who: who said it, after ties
--   reasons: the reasons that were picked
--   comment: what was written
--   event_id: the detail event
--   occurred_at: when, UTC
WITH sent AS (
    SELECT d.about, d.event_id, d.reasons, d.comment, d.occurred_at, coalesce(d.seq, -1) AS seq,
        coalesce(i.who, d.who) AS who, d.key_kind = 'sk' AS by_backend
    FROM events d
    LEFT JOIN identities i ON i.alias = d.who
    WHERE d.kind = 'detail'
), counting AS (
    SELECT s.*
    FROM sent s
    JOIN events e ON e.event_id = s.about
    LEFT JOIN identities i ON i.alias = e.who
    WHERE (s.by_backend OR s.who = coalesce(i.who, e.who))
      AND NOT EXISTS (
        SELECT 1 FROM retractions r
        WHERE r.retracted_id = s.event_id AND (r.by_backend OR r.who = s.who))
)
SELECT about,
    unnest(arg_max(
        {'who': who, 'reasons': reasons, 'comment': comment, 'event_id': event_id, 'occurred_at': occurred_at},
        row(occurred_at, seq, event_id)))
FROM counting
GROUP BY about
