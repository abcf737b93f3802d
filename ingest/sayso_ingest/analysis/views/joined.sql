-- name: joined
-- about: How much of the feedback finds the interaction it is about?
-- columns:
--   kind: kind of verdict, or exposure
--   n: how many stand
--   people: people whose they are
--   by_target: how many have an interaction of the same target
--   by_session: how many are about a whole session
--   orphans: how many have neither
--   joined_share: by_target or by_session / n, 0 to 1; nobody counts for more than five
--   joined_low: lower end of its 95 % interval, Wilson's by person
--   joined_high: upper end of its 95 % interval
WITH all_of_them AS (
    SELECT kind, person, count(*) AS n, count(*) FILTER (scope = 'target') AS by_target,
        count(*) FILTER (scope = 'session') AS by_session
    FROM verdict_state
    WHERE wins AND NOT retracted AND value IS NOT NULL
    GROUP BY ALL
    UNION ALL
    SELECT 'exposure', person, count(*), count(interaction_id), 0
    FROM exposure_state
    WHERE first
    GROUP BY person
)
SELECT kind, sum(n)::BIGINT AS n, count(*) AS people, sum(by_target)::BIGINT AS by_target,
    sum(by_session)::BIGINT AS by_session, sum(n - by_target - by_session)::BIGINT AS orphans,
    fair_rate(by_target + by_session, n) AS joined_share, fair_low(by_target + by_session, n) AS joined_low,
    fair_high(by_target + by_session, n) AS joined_high
FROM all_of_them
GROUP BY kind
ORDER BY kind
