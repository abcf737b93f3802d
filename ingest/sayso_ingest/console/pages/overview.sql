-- What the first page says about a project. Its last day ends with the newest event, $until.

-- name: published
-- When the copy was made, when its youngest event came in, what it holds, and where its last day ends; one row.
SELECT published_at, last_received_at, events, rejects,
    least(last_received_at, (SELECT max(occurred_at) FROM events)) AS until
FROM published;

-- name: signals
-- The last $days days against the $before days before them, with 95 % intervals: of each person's verdicts, or of all answers.
WITH people AS (
    SELECT 'thumbs' AS signal, occurred_at > $until::TIMESTAMP - to_days($days::INTEGER) AS today, person, count(*) AS n,
        count(*) FILTER (value = 'up') AS k
    FROM verdict_state
    WHERE kind = 'thumb' AND name = '' AND scope = 'target' AND wins AND NOT retracted AND value IS NOT NULL
      AND occurred_at > $until::TIMESTAMP - to_days($days::INTEGER + $before::INTEGER) AND occurred_at <= $until::TIMESTAMP
    GROUP BY ALL
    UNION ALL
    SELECT 'suggestions', occurred_at > $until::TIMESTAMP - to_days($days::INTEGER), person, count(*),
        count(*) FILTER (value = 'accepted')
    FROM verdict_state
    WHERE kind = 'suggestion' AND name = '' AND wins AND NOT retracted AND value IS NOT NULL
      AND occurred_at > $until::TIMESTAMP - to_days($days::INTEGER + $before::INTEGER) AND occurred_at <= $until::TIMESTAMP
    GROUP BY ALL
    UNION ALL
    SELECT 'responses', first_seen_at > $until::TIMESTAMP - to_days($days::INTEGER), person, count(*), count(*) FILTER (answered)
    FROM exposure_state
    WHERE first AND first_seen_at > $until::TIMESTAMP - to_days($days::INTEGER + $before::INTEGER) AND first_seen_at <= $until::TIMESTAMP
    GROUP BY ALL
), alone AS (
    SELECT 'comments' AS signal, occurred_at > $until::TIMESTAMP - to_days($days::INTEGER) AS today, count(*) AS n,
        count(*) FILTER (commented) AS k
    FROM (
        SELECT i.occurred_at, r.interaction_id IS NOT NULL AS commented
        FROM interaction_state i
        LEFT JOIN (
            SELECT DISTINCT interaction_id FROM remark_state WHERE counts AND text IS NOT NULL
        ) r ON r.interaction_id = i.event_id
        WHERE i.occurred_at > $until::TIMESTAMP - to_days($days::INTEGER + $before::INTEGER) AND i.occurred_at <= $until::TIMESTAMP
    )
    GROUP BY ALL
    UNION ALL
    SELECT 'rejects', today, count(*), count(*) FILTER (refused)
    FROM (
        SELECT received_at > $received::TIMESTAMP - to_days($days::INTEGER) AS today, false AS refused
        FROM events
        WHERE received_at > $received::TIMESTAMP - to_days($days::INTEGER + $before::INTEGER)
        UNION ALL
        SELECT received_at > $received::TIMESTAMP - to_days($days::INTEGER), true
        FROM rejects
        WHERE received_at > $received::TIMESTAMP - to_days($days::INTEGER + $before::INTEGER)
    )
    GROUP BY ALL
), rates AS (
    SELECT signal, today, sum(n)::BIGINT AS n, count(*) AS people, fair_rate(k, n) AS rate, fair_low(k, n) AS low,
        fair_high(k, n) AS high
    FROM people
    GROUP BY ALL
    UNION ALL
    SELECT signal, today, n, NULL, k / n, wilson_low(k, n), wilson_high(k, n)
    FROM alone
)
SELECT s.signal, t.n AS today_n, t.people AS today_people, t.rate AS today, t.low AS today_low, t.high AS today_high,
    u.n AS usual_n, u.people AS usual_people, u.rate AS usual, u.low AS usual_low, u.high AS usual_high,
    t.rate - u.rate AS change, difference_low(t.rate, t.low, t.high, u.rate, u.low, u.high) AS change_low,
    difference_high(t.rate, t.low, t.high, u.rate, u.low, u.high) AS change_high
FROM (SELECT unnest(['thumbs', 'suggestions', 'responses', 'comments', 'rejects']) AS signal) s
LEFT JOIN rates t ON t.signal = s.signal AND t.today
LEFT JOIN rates u ON u.signal = s.signal AND NOT u.today
ORDER BY list_position(['thumbs', 'suggestions', 'responses', 'comments', 'rejects'], s.signal);

-- name: days
-- The up rate of each day, with its interval: the last 30 days that have thumbs.
SELECT day, thumbs, people, response_rate, up_rate, up_low, up_high
FROM (FROM by_day WHERE name = '' AND thumbs > 0 AND day IS NOT NULL ORDER BY day DESC LIMIT 30)
ORDER BY day;

-- name: problems
-- The largest problems that have a name, those on the rise first.
SELECT source, what, n, people, share, share_low, share_high, trend
FROM what_goes_wrong
WHERE what NOT LIKE '(no %' AND source <> 'judge'  -- a judge's label says that it is bad, not what
ORDER BY trend IS NOT DISTINCT FROM 'rising' DESC, n DESC, source, what
LIMIT 3;

-- name: orphans
-- How much of what people say finds no interaction; one row.
SELECT coalesce(sum(orphans), 0)::BIGINT AS orphans, coalesce(sum(n), 0)::BIGINT AS n FROM joined WHERE kind <> 'exposure';

-- name: losses
-- How much clients dropped, and how much was refused, in all; one row.
SELECT coalesce(sum(n) FILTER (hop = 'client'), 0)::BIGINT AS dropped,
    coalesce(sum(n) FILTER (hop <> 'client' AND reason <> 'repeat'), 0)::BIGINT AS refused
FROM losses;
