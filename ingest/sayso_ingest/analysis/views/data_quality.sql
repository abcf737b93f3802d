-- name: data_quality
-- about: How far can the data be trusted: clocks, repeats, orphans, lateness, refusals, losses?
-- columns:
--   finding: what was looked for
--   detail: the reason, kind or hop it is about
--   n: how many
--   out_of: among how many; NULL where that is not known
--   share: n / out_of, 0 to 1
--   share_low: lower end of its 95 % Wilson interval
--   share_high: upper end of its 95 % Wilson interval
--   last_at: when last, UTC
WITH found AS (
    SELECT 'wrong_clock' AS finding, 'a client''s clock is off by ten minutes or more' AS detail,
        count(*) FILTER (occurred_at <> occurred_at_sent) AS n, count(*) AS out_of,
        max(received_at) FILTER (occurred_at <> occurred_at_sent) AS last_at
    FROM events
    UNION ALL
    SELECT 'late', kind || ' arrived more than ten minutes after it happened',
        count(*) FILTER (received_at > occurred_at + INTERVAL 10 MINUTE), count(*),
        max(received_at) FILTER (received_at > occurred_at + INTERVAL 10 MINUTE)
    FROM events
    GROUP BY kind
    UNION ALL
    SELECT 'orphan', kind || ' without an interaction', count(*) FILTER (scope IS NULL), count(*),
        max(occurred_at) FILTER (scope IS NULL)
    FROM verdict_state
    WHERE wins AND NOT retracted AND value IS NOT NULL
    GROUP BY kind
    UNION ALL
    SELECT 'orphan', 'exposure without an interaction', count(*) FILTER (interaction_id IS NULL), count(*),
        max(first_seen_at) FILTER (interaction_id IS NULL)
    FROM exposure_state
    WHERE first
    UNION ALL
    SELECT 'replaced', 'interaction told more than once for a target', (SELECT count(*) FROM replaced_interactions),
        count(*) + (SELECT count(*) FROM replaced_interactions), NULL
    FROM interaction_state
    UNION ALL
    SELECT CASE hop WHEN 'client' THEN 'dropped' ELSE CASE reason WHEN 'repeat' THEN 'repeat' ELSE 'refused' END END,
        reason || ' (' || hop || ')', sum(n)::BIGINT, (SELECT count(*) FROM events) + sum(n)::BIGINT, max(last_at)
    FROM losses
    GROUP BY hop, reason
)
SELECT finding, detail, n, out_of, n / out_of AS share, wilson_low(n, out_of) AS share_low,
    wilson_high(n, out_of) AS share_high, last_at
FROM found
WHERE n > 0
ORDER BY finding, n DESC, detail
