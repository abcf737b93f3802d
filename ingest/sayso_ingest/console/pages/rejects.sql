-- What was refused.

-- name: reasons
-- Why, most often first; how many have landed since, and of how many the event came again and was refused again.
SELECT r.reason, r.n, r.keys, r.first_at, r.last_at, coalesce(s.landed, 0) AS landed_since,
    coalesce(a.again, 0) AS refused_again,
    coalesce(r.example ->> '$.message', r.example ->> '$') AS example
FROM reject_reasons r
LEFT JOIN (
    SELECT reason, count(DISTINCT coalesce(try_cast(event_id AS UUID), reject_id)) AS landed
    FROM rejects
    WHERE reason <> 'id_reused' AND coalesce(try_cast(event_id AS UUID), reject_id) IN (SELECT event_id FROM events)
    GROUP BY reason
) s ON s.reason = r.reason
LEFT JOIN (
    SELECT reason, count(*) FILTER (later) AS again
    FROM (
        SELECT reason, lead(true, 1, false) OVER (
            PARTITION BY coalesce(try_cast(event_id AS UUID), reject_id) ORDER BY received_at, reject_id) AS later
        FROM rejects
        WHERE reason <> 'id_reused'
    )
    GROUP BY reason
) a ON a.reason = r.reason
ORDER BY r.n DESC, r.reason;

-- name: newest
-- The newest, of one reason where it is named.
SELECT landed_at, reason, kind, coalesce(detail ->> '$.message', CASE json_type(detail) WHEN 'VARCHAR' THEN detail ->> '$' END, reason) AS what_was_wrong,
    key_id, length, reject_id::VARCHAR AS reject_id
FROM rejects
WHERE $reason = '' OR reason = $reason
ORDER BY landed_at DESC, reject_id;

-- name: one
-- One of them, with what was kept of it.
SELECT reject_id::VARCHAR AS reject_id, received_at, landed_at, reason, kind, detail, key_id, key_kind, event_id, length,
    sha256, raw
FROM rejects
WHERE reject_id = try_cast($reject_id AS UUID);
