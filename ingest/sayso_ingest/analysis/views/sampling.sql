-- name: sampling
-- about: Does choosing among several answers, or criticising them first, make people like them more, and at what cost? Observed, not an experiment
-- columns:
--   prompt_name: name of the prompt
--   prompt_version: version of the prompt
--   choice: single (one answer was made), chosen (out of several) or criticised (out of several, at least one with a critique)
--   chosen_by: who or what chose
--   interactions: answers of this sort
--   candidates: mean number of answers that were made
--   mean_cost: mean cost, in the application's currency
--   median_latency_ms: median milliseconds until the answer
--   thumbs: present thumbs on them, one per person and thing
--   up: thumbs up among them
--   people: people who gave them
--   up_rate: share of thumbs up, 0 to 1; nobody counts for more than five thumbs
--   up_low: lower end of its 95 % interval, Wilson's by person
--   up_high: upper end of its 95 % interval
WITH choices AS (
    -- Few: answers of which several were made, or at least somebody chose.
    SELECT event_id, chosen_by, choice
    FROM interaction_state
    WHERE choice <> 'single' OR chosen_by IS NOT NULL
), asked AS (
    SELECT prompt_name, prompt_version, choice, chosen_by, count(*) AS interactions, avg(candidates) AS candidates,
        avg(cost) AS mean_cost, median(latency_ms) AS median_latency_ms
    FROM interaction_state
    GROUP BY ALL
), said AS (
    SELECT prompt_name, prompt_version, choice, chosen_by, sum(n)::BIGINT AS thumbs, sum(k)::BIGINT AS up,
        count(*) AS people, fair_rate(k, n) AS up_rate, fair_low(k, n) AS up_low, fair_high(k, n) AS up_high
    FROM (
        SELECT v.prompt_name, v.prompt_version, coalesce(c.choice, 'single') AS choice, c.chosen_by, v.person,
            count(*) AS n, count(*) FILTER (v.value = 'up') AS k
        FROM verdict_state v
        LEFT JOIN choices c ON c.event_id = v.interaction_id
        WHERE v.kind = 'thumb' AND v.wins AND NOT v.retracted AND v.value IS NOT NULL AND v.scope = 'target'
          AND v.name = ''
        GROUP BY ALL
    )
    GROUP BY ALL
)
SELECT a.*, coalesce(s.thumbs, 0) AS thumbs, coalesce(s.up, 0) AS up, coalesce(s.people, 0) AS people, s.up_rate,
    s.up_low, s.up_high
FROM asked a
LEFT JOIN said s ON s.prompt_name IS NOT DISTINCT FROM a.prompt_name
    AND s.prompt_version IS NOT DISTINCT FROM a.prompt_version AND s.choice = a.choice
    AND s.chosen_by IS NOT DISTINCT FROM a.chosen_by
ORDER BY a.prompt_name, a.prompt_version, a.choice, a.chosen_by
