-- name: later_outcomes
-- about: Do thumbs predict what comes of it later?
-- columns:
--   outcome: name of the outcome
--   after: up or down, what people said about the answer (down where they disagree), or none
--   interactions: answers of which people said so
--   reported: answers among them whose outcome is known
--   people: people who reported it, or whom it was reported for
--   happened: reported answers with this outcome: its value is not false, no or 0
--   rate: happened / reported, 0 to 1; nobody counts for more than five
--   rate_low: lower end of its 95 % interval, Wilson's by person
--   rate_high: upper end of its 95 % interval
--   mean_value: mean of the value where it is a number
WITH reported AS (
    SELECT target, name AS outcome, person,
        unnest(arg_max({'value': value, 'score': score}, row(occurred_at, seq, event_id)))
    FROM reports_that_stand('outcome')
    GROUP BY target, name, person
), thumbs AS (
    SELECT interaction_id, CASE WHEN bool_or(value = 'down') THEN 'down' ELSE 'up' END AS after
    FROM verdict_state
    WHERE kind = 'thumb' AND wins AND NOT retracted AND value IS NOT NULL AND scope = 'target' AND name = ''
    GROUP BY interaction_id
), sizes AS (
    SELECT after, count(*) AS interactions
    FROM thumbs
    GROUP BY after
    UNION ALL
    SELECT 'none', (SELECT count(*) FROM interaction_state) - (SELECT count(*) FROM thumbs)
), known AS (
    SELECT r.outcome, coalesce(t.after, 'none') AS after, r.person, r.score,
        lower(coalesce(r.value, 'true')) NOT IN ('false', 'no', '0', '0.0', '') AS happened
    FROM reported r
    JOIN interaction_state i ON i.target = r.target
    LEFT JOIN thumbs t ON t.interaction_id = i.event_id
), people AS (
    SELECT outcome, after, person, count(*) AS n, count(*) FILTER (happened) AS k, sum(score) AS total,
        count(score) AS numbers
    FROM known
    GROUP BY ALL
)
SELECT p.outcome, p.after, any_value(s.interactions) AS interactions, sum(p.n)::BIGINT AS reported, count(*) AS people,
    sum(p.k)::BIGINT AS happened, fair_rate(p.k, p.n) AS rate, fair_low(p.k, p.n) AS rate_low,
    fair_high(p.k, p.n) AS rate_high, sum(p.total) / sum(p.numbers) AS mean_value
FROM people p
JOIN sizes s ON s.after = p.after
GROUP BY p.outcome, p.after
ORDER BY p.outcome, list_position(['up', 'down', 'none'], p.after)
