-- What was refused, and what has become of it since.

-- name: list
-- Rejects, the newest first, as far as they fit the conditions. `replayed`: its id has landed, or the one that a replay
-- gives what has none (that of the reject).
SELECT reject_id, received_at, reason, kind, event_id, key_id, length, detail, replayed
FROM (
    SELECT *, coalesce(reason <> 'id_reused' AND try_cast(event_id AS UUID) IN (SELECT event_id FROM events), false)
        OR reject_id IN (SELECT event_id FROM events) AS replayed
    FROM rejects
    WHERE ($reason::VARCHAR IS NULL OR reason = $reason) AND ($key::VARCHAR IS NULL OR key_id = $key)
      AND ($since::TIMESTAMP IS NULL OR received_at >= $since::TIMESTAMP) AND ($ids::VARCHAR[] IS NULL OR list_contains($ids::VARCHAR[], reject_id::VARCHAR))
)
ORDER BY received_at DESC, reject_id
LIMIT $limit::BIGINT;

-- name: counts
-- How many, by reason, and how many of them have landed since.
SELECT reason, count(*) AS n, count(*) FILTER (
        coalesce(reason <> 'id_reused' AND try_cast(event_id AS UUID) IN (SELECT event_id FROM events), false)
        OR reject_id IN (SELECT event_id FROM events)) AS replayed,
    min(received_at) AS first_at, max(received_at) AS last_at
FROM rejects
WHERE ($reason::VARCHAR IS NULL OR reason = $reason) AND ($key::VARCHAR IS NULL OR key_id = $key)
  AND ($since::TIMESTAMP IS NULL OR received_at >= $since::TIMESTAMP)
GROUP BY reason
ORDER BY n DESC, reason;

-- name: beginning
-- The ids of rejects that begin so; a few are enough to know that it is not one.
SELECT reject_id::VARCHAR AS reject_id
FROM rejects
WHERE starts_with(reject_id::VARCHAR, $beginning)
ORDER BY reject_id
LIMIT 5;

-- name: raw
-- What was kept of them, the oldest first; `replayed` as in `list`.
SELECT reject_id, received_at, reason, kind, event_id, key_id, length, detail, raw,
    coalesce(reason <> 'id_reused' AND try_cast(event_id AS UUID) IN (SELECT event_id FROM events), false)
        OR reject_id IN (SELECT event_id FROM events) AS replayed
FROM rejects
WHERE ($reason::VARCHAR IS NULL OR reason = $reason) AND ($key::VARCHAR IS NULL OR key_id = $key)
  AND ($since::TIMESTAMP IS NULL OR received_at >= $since::TIMESTAMP) AND ($ids::VARCHAR[] IS NULL OR list_contains($ids::VARCHAR[], reject_id::VARCHAR))
ORDER BY received_at, reject_id;
