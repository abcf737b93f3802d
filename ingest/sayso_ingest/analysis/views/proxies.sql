-- name: proxies
-- about: Do people prefer short or long, fast or slow, cheap or dear answers? Of the newest days that hold 300,000 thumbs; observed, not an experiment
-- columns:
--   prompt_name: name of the prompt
--   metric: output_chars (length of the answer), latency_ms, cost (the application's currency), refusal (1 where it says it cannot), asked_again (1 where the session asks the same once more)
--   bin: the fifth of the thumbs in which the metric is, 1 lowest; of refusal and asked_again 1 is no, 2 yes
--   lowest: lowest value in the bin, in the metric's unit
--   highest: highest value in the bin
--   thumbs: thumbs in the bin
--   people: people who gave them
--   up_rate: share of thumbs up, 0 to 1; nobody counts for more than five thumbs
--   up_low: lower end of its 95 % interval, Wilson's by person
--   up_high: upper end of its 95 % interval
WITH standing AS (
    SELECT prompt_name, person, value = 'up' AS liked, interaction_id, latency_ms, occurred_at
    FROM verdict_state
    WHERE kind = 'thumb' AND wins AND NOT retracted AND value IS NOT NULL AND scope = 'target' AND name = ''
), days AS (
    SELECT occurred_at::DATE AS day, count(*) AS thumbs
    FROM standing
    GROUP BY ALL
), since AS (
    SELECT min(day)::TIMESTAMP AS moment
    FROM (SELECT day, sum(thumbs) OVER (ORDER BY day DESC) - thumbs AS newer FROM days)
    WHERE newer < 300000
), thumbs AS (
    SELECT * FROM standing WHERE occurred_at >= (SELECT moment FROM since)
), answers AS (
    SELECT event_id, output_chars, cost, refusal, session IS NOT NULL AND lead(true, 1, false) OVER (
        PARTITION BY session, input_key ORDER BY occurred_at, event_id) AS asked_again
    FROM interaction_state
    WHERE occurred_at >= (SELECT moment - INTERVAL 1 DAY FROM since)
), measured AS (
    SELECT t.prompt_name, t.person, t.liked, unnest([
        {'metric': 'output_chars', 'value': a.output_chars::DOUBLE}, {'metric': 'latency_ms', 'value': t.latency_ms},
        {'metric': 'cost', 'value': a.cost}, {'metric': 'refusal', 'value': a.refusal::INT::DOUBLE},
        {'metric': 'asked_again', 'value': a.asked_again::INT::DOUBLE}], recursive := true)
    FROM thumbs t
    JOIN answers a ON a.event_id = t.interaction_id
), edges AS (
    SELECT prompt_name, metric, quantile_disc(value, [0.2, 0.4, 0.6, 0.8]) AS edges
    FROM measured
    WHERE metric NOT IN ('refusal', 'asked_again')
    GROUP BY ALL
), placed AS (
    SELECT m.prompt_name, m.metric, m.person, m.liked, m.value,
        CASE WHEN e.metric IS NULL THEN 1 + m.value::INT
            ELSE 1 + len(list_filter(e.edges, lambda edge: edge < m.value)) END AS bin
    FROM measured m
    LEFT JOIN edges e ON e.metric = m.metric AND e.prompt_name IS NOT DISTINCT FROM m.prompt_name
    WHERE m.value IS NOT NULL
), people AS (
    SELECT prompt_name, metric, bin, person, count(*) AS n, count(*) FILTER (liked) AS k, min(value) AS lowest,
        max(value) AS highest
    FROM placed
    GROUP BY ALL
)
SELECT prompt_name, metric, bin, min(lowest) AS lowest, max(highest) AS highest, sum(n)::BIGINT AS thumbs,
    count(*) AS people, fair_rate(k, n) AS up_rate, fair_low(k, n) AS up_low, fair_high(k, n) AS up_high
FROM people
GROUP BY prompt_name, metric, bin
ORDER BY prompt_name, list_position(['output_chars', 'latency_ms', 'cost', 'refusal', 'asked_again'], metric), bin
