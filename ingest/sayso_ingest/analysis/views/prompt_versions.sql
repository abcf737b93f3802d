-- name: prompt_versions
-- about: Which prompt version do people like, and how sure can we be?
-- columns:
--   prompt_name: name of the prompt
--   prompt_version: version of the prompt
--   name: the dimension asked about, or an empty text
--   interactions: interactions answered with this version
--   exposed: times somebody was seen to see an answer (distinct target, part, who)
--   answered: of these, how many said anything
--   response_rate: answered / exposed, 0 to 1
--   thumbs: present thumbs, one per person and thing
--   up: thumbs up among them
--   down: thumbs down among them
--   people: people who gave them
--   up_rate: up / thumbs, 0 to 1
--   up_low: lower end of its 95 % Wilson interval
--   up_high: upper end of its 95 % Wilson interval
WITH asked AS (
    SELECT prompt_name, prompt_version, count(*) AS interactions
    FROM interactions
    GROUP BY ALL
), seen AS (
    SELECT prompt_name, prompt_version, count(*) AS exposed, count(*) FILTER (answered) AS answered
    FROM exposed
    WHERE interaction_id IS NOT NULL
    GROUP BY ALL
), said AS (
    SELECT prompt_name, prompt_version, name, count(*) AS thumbs, count(*) FILTER (value = 'up') AS up,
        count(*) FILTER (value = 'down') AS down, count(DISTINCT who) AS people
    FROM verdicts
    WHERE kind = 'thumb' AND value IS NOT NULL AND scope = 'target'
    GROUP BY ALL
)
SELECT a.prompt_name, a.prompt_version, coalesce(s.name, '') AS name, a.interactions,
    coalesce(x.exposed, 0) AS exposed, coalesce(x.answered, 0) AS answered,
    x.answered / x.exposed AS response_rate,
    coalesce(s.thumbs, 0) AS thumbs, coalesce(s.up, 0) AS up, coalesce(s.down, 0) AS down,
    coalesce(s.people, 0) AS people, s.up / s.thumbs AS up_rate,
    wilson_low(s.up, s.thumbs) AS up_low, wilson_high(s.up, s.thumbs) AS up_high
FROM asked a
LEFT JOIN seen x ON x.prompt_name IS NOT DISTINCT FROM a.prompt_name
    AND x.prompt_version IS NOT DISTINCT FROM a.prompt_version
LEFT JOIN said s ON s.prompt_name IS NOT DISTINCT FROM a.prompt_name
    AND s.prompt_version IS NOT DISTINCT FROM a.prompt_version
ORDER BY a.prompt_name, a.prompt_version, name
