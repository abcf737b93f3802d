-- name: given
-- Judgements as they were sent.
-- $1: their events.
SELECT target, judge, coalesce(rubric, '') AS rubric, coalesce(name, '') AS name, label, score,
    coalesce(rationale, '') AS rationale, meta, occurred_at
FROM events
WHERE kind = 'judgement' AND event_id IN (SELECT unnest($1::UUID[]))
ORDER BY target, judge
