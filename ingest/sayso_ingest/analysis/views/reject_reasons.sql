-- name: reject_reasons
-- about: What was refused, and why?
-- columns:
--   reason: why, from a closed list
--   n: how many
--   keys: keys that sent such
--   first_at: when first landed, UTC
--   last_at: when last landed, UTC
--   example: what exactly was wrong with the last one
SELECT reason, count(*) AS n, count(DISTINCT key_id) AS keys, min(landed_at) AS first_at, max(landed_at) AS last_at,
    max_by(detail, (landed_at, reject_id)) AS example
FROM rejects
GROUP BY reason
ORDER BY n DESC, reason
