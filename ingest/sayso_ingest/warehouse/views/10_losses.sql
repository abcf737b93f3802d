-- name: losses
-- about: What did not become an event, by hop and reason
-- columns:
--   hop: client (dropped before sending), collector (refused, or turned away as too fast) or lander (refused, or a repeat of an id)
--   reason: why
--   key_id: the key it came with
--   n: how many
--   last_at: when last, UTC
SELECT CASE WHEN reason IN ('id_reused', 'unstorable') THEN 'lander' ELSE 'collector' END AS hop,
    reason, key_id, count(*) AS n, max(landed_at) AS last_at
FROM rejects
GROUP BY ALL
UNION ALL
SELECT hop, reason, key_id, sum(n)::BIGINT, max(landed_at)
FROM (
    SELECT hop, reason, key_id, n, landed_at FROM counts
    UNION ALL
    SELECT 'client', reason, key_id, n, landed_at FROM client_losses
)
GROUP BY ALL
