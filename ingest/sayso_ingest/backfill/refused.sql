-- What was refused, and what has become of it since. An event is known by its id or, where it has none, by that of its
-- reject, which a replay gives it. What lands twice with one id are two events, so `id_reused` is never refused again.

-- name: known
-- Each reject with its fate; `list`, `counts` and `raw` begin with this. `replayed`: its event has landed.
-- `refused_again`: it came again later and was refused, so that the later reject stands for it.
WITH known AS (
    SELECT r.*, coalesce(r.reason <> 'id_reused' AND try_cast(r.event_id AS UUID) IN (SELECT event_id FROM events), false)
            OR r.reject_id IN (SELECT event_id FROM events) AS replayed,
        coalesce((r.received_at, r.reject_id) < t.newest, false) AS refused_again
    FROM rejects r
    LEFT JOIN (
        SELECT coalesce(try_cast(event_id AS UUID), reject_id) AS event, max((received_at, reject_id)) AS newest
        FROM rejects
        WHERE reason <> 'id_reused'
        GROUP BY ALL
        HAVING count(*) > 1
    ) t ON t.event = coalesce(try_cast(r.event_id AS UUID), r.reject_id) AND r.reason <> 'id_reused'
    WHERE ($reason::VARCHAR IS NULL OR r.reason = $reason) AND ($key::VARCHAR IS NULL OR r.key_id = $key)
      AND ($since::TIMESTAMP IS NULL OR r.received_at >= $since::TIMESTAMP)
      AND ($ids::VARCHAR[] IS NULL OR list_contains($ids::VARCHAR[], r.reject_id::VARCHAR))
)

-- name: list
-- Rejects, the newest first, as far as they fit the conditions.
SELECT reject_id, received_at, reason, kind, event_id, key_id, length, detail, replayed, refused_again
FROM known
ORDER BY received_at DESC, reject_id
LIMIT $limit::BIGINT;

-- name: counts
-- How many, by reason; how many of them have landed since, and of how many the event was refused again, and counts again.
SELECT reason, count(*) AS n, count(*) FILTER (replayed) AS replayed, count(*) FILTER (refused_again) AS refused_again,
    min(received_at) AS first_at, max(received_at) AS last_at
FROM known
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
-- What was kept of them, the oldest first.
SELECT reject_id, received_at, reason, kind, event_id, key_id, length, detail, raw, replayed, refused_again
FROM known
ORDER BY received_at, reject_id;
