-- name: funnel
-- about: Of the answers that people see, how many get feedback?
-- columns:
--   prompt_name: name of the prompt; NULL where no interaction is known
--   prompt_version: version of the prompt
--   interactions: answers of this version
--   exposed: times somebody was seen to see one (distinct target, part, who)
--   people: people who saw one
--   answered: of these times, how many were answered with anything
--   response_rate: answered / exposed, 0 to 1; nobody counts for more than five times
--   response_low: lower end of its 95 % interval, Wilson's by person
--   response_high: upper end of its 95 % interval
--   feedback: thumbs, ratings, comments, preferences and suggestions that stand, seen to be asked for or not
--   per_1000: feedback for 1,000 times exposed
WITH asked AS (
    SELECT prompt_name, prompt_version, count(*) AS interactions
    FROM interaction_state
    GROUP BY ALL
), seen AS (
    SELECT prompt_name, prompt_version, sum(n)::BIGINT AS exposed, count(*) AS people, sum(k)::BIGINT AS answered,
        fair_rate(k, n) AS response_rate, fair_low(k, n) AS response_low, fair_high(k, n) AS response_high
    FROM (
        SELECT prompt_name, prompt_version, person, count(*) AS n, count(*) FILTER (answered) AS k
        FROM exposure_state
        WHERE first
        GROUP BY ALL
    )
    GROUP BY ALL
), said AS (
    SELECT prompt_name, prompt_version, count(*) AS feedback
    FROM verdict_state
    WHERE wins AND NOT retracted AND value IS NOT NULL
      AND kind IN ('thumb', 'rating', 'comment', 'preference', 'suggestion')
    GROUP BY ALL
), versions AS (
    SELECT prompt_name, prompt_version FROM asked
    UNION
    SELECT prompt_name, prompt_version FROM seen
    UNION
    SELECT prompt_name, prompt_version FROM said
)
SELECT v.prompt_name, v.prompt_version, coalesce(a.interactions, 0) AS interactions, coalesce(s.exposed, 0) AS exposed,
    coalesce(s.people, 0) AS people, coalesce(s.answered, 0) AS answered, s.response_rate, s.response_low,
    s.response_high, coalesce(f.feedback, 0) AS feedback, 1000 * f.feedback / s.exposed AS per_1000
FROM versions v
LEFT JOIN asked a ON a.prompt_name IS NOT DISTINCT FROM v.prompt_name
    AND a.prompt_version IS NOT DISTINCT FROM v.prompt_version
LEFT JOIN seen s ON s.prompt_name IS NOT DISTINCT FROM v.prompt_name
    AND s.prompt_version IS NOT DISTINCT FROM v.prompt_version
LEFT JOIN said f ON f.prompt_name IS NOT DISTINCT FROM v.prompt_name
    AND f.prompt_version IS NOT DISTINCT FROM v.prompt_version
ORDER BY prompt_name, prompt_version
