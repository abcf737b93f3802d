-- What the doctor asks the published copy of a project.

-- name: rejects
-- What was refused lately, by reason, the most frequent first.
SELECT reason, count(*) AS n FROM rejects WHERE landed_at > $since GROUP BY reason ORDER BY n DESC, reason;

-- name: losses
-- What clients said lately that they had dropped, by reason.
SELECT reason, sum(n)::BIGINT AS n FROM losses WHERE hop = 'client' AND last_at > $since GROUP BY reason ORDER BY ALL;

-- name: repeats
-- How many copies of landed events came lately; one row.
SELECT coalesce(sum(n), 0)::BIGINT AS n FROM counts WHERE hop = 'lander' AND landed_at > $since;

-- name: skewed
-- Lately, by client library: how many events had a time, how many of those were corrected, and by how much at most.
SELECT coalesce(source_sdk, 'unknown') AS source_sdk, count(*) AS events,
    count(*) FILTER (occurred_at <> occurred_at_sent) AS corrected,
    max(abs(epoch(received_at - sent_at))) AS seconds
FROM events
WHERE received_at > $since AND sent_at IS NOT NULL AND occurred_at_sent IS NOT NULL
GROUP BY ALL
ORDER BY ALL;

-- name: keys
-- The keys that sent something lately, and when last.
SELECT key_id, max(received_at) AS last_at FROM events WHERE received_at > $since GROUP BY key_id;

-- name: interactions
-- How many interactions there are in all; one row.
SELECT count(*) AS n FROM interaction_state;

-- name: near_miss
-- An orphan's target and that of an interaction of these days which are the same but for case, spaces, punctuation or
-- a prefix.
WITH alone AS (
    SELECT DISTINCT target
    FROM events e
    WHERE is_feedback(kind)
      AND received_at > $since AND occurred_at > $since AND received_at <= $until
      AND NOT EXISTS (FROM interaction_state i WHERE i.target = e.target)
    LIMIT 1000
), known AS (
    SELECT DISTINCT target FROM events WHERE kind = 'interaction' AND received_at > $since - INTERVAL 1 DAY
), spelled AS (
    SELECT target, is_orphan, lower(regexp_replace(bare, '[^A-Za-z0-9]', '', 'g')) AS plain,
        lower(regexp_extract(bare, '([A-Za-z0-9]+)[^A-Za-z0-9]*$', 1)) AS tail
    FROM (
        SELECT target, is_orphan, regexp_replace(target, '\.0$', '') AS bare
        FROM (SELECT target, true AS is_orphan FROM alone UNION ALL SELECT target, false FROM known)
    )
)
SELECT orphan, min(interaction) AS interaction, bool_or(same) AS same
FROM (
    -- Two joins in place of one with OR, which compares every pair.
    SELECT k.target AS orphan, i.target AS interaction, true AS same
    FROM spelled k JOIN spelled i ON k.plain = i.plain
    WHERE k.is_orphan AND NOT i.is_orphan
    UNION ALL
    SELECT k.target, i.target, false
    FROM spelled k JOIN spelled i ON k.tail = i.tail
    WHERE k.is_orphan AND NOT i.is_orphan AND length(k.tail) >= 2 AND (k.plain = k.tail OR i.plain = i.tail)
)
WHERE interaction <> ''
GROUP BY orphan
HAVING same OR count(*) = 1
ORDER BY same DESC, orphan
LIMIT 1;
