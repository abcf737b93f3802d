-- Two groups of interactions side by side. $by says what tells them apart, $a and $b which two; $prompt and $experiment
-- narrow it down, NULL does not. The state tables are asked where they know enough: the views join texts as well.

-- name: groups
-- What there is to compare, the most frequent first.
SELECT label_by($by, prompt_version, prompt_name, model, release, variant_arm) AS label,
    prompt_name AS prompt, variant_experiment AS experiment, count(*) AS interactions
FROM interaction_state
GROUP BY ALL
ORDER BY interactions DESC, label, prompt, experiment

-- name: said
-- What each person said in each group and stratum.
SELECT (label = $b)::BIGINT AS "group", stratum, hash(who)::UBIGINT AS person,
    count(*) FILTER (liked)::DOUBLE AS liked, count(*)::DOUBLE AS verdicts
FROM (
    SELECT person AS who, value IN ('up', 'accepted') AS liked,
        CASE WHEN $stratify = 'tag' THEN coalesce(tags[1], '') ELSE '' END AS stratum,
        label_by($by, prompt_version, prompt_name, model, release, variant_arm) AS label
    FROM verdict_state
    WHERE kind = $kind AND name = $name AND wins AND NOT retracted AND value IS NOT NULL AND scope = 'target'
        AND ($prompt IS NULL OR prompt_name = $prompt)
        AND ($experiment IS NULL OR variant_experiment = $experiment)
)
WHERE label IN ($a, $b)
GROUP BY ALL
ORDER BY ALL

-- name: names
-- The dimensions that people were asked about with this kind of verdict.
SELECT DISTINCT name FROM verdicts WHERE kind = $kind AND name <> '' ORDER BY name

-- name: seen
-- How often somebody was seen to see an answer of each side, and how often they then said anything.
SELECT label_by($by, prompt_version, prompt_name, model, NULL, NULL) AS label,
    count(*) AS exposed, count(*) FILTER (answered) AS answered
FROM exposed
WHERE interaction_id IS NOT NULL AND ($prompt IS NULL OR prompt_name = $prompt)
GROUP BY label
HAVING label IN ($a, $b)

-- name: seen_by_interaction
-- The same for what only interactions say.
SELECT label_by($by, i.prompt_version, i.prompt_name, i.model, i.release, i.variant_arm) AS label,
    count(*) AS exposed, count(*) FILTER (x.answered) AS answered
FROM exposed x
JOIN interaction_state i ON i.event_id = x.interaction_id
WHERE ($prompt IS NULL OR i.prompt_name = $prompt) AND ($experiment IS NULL OR i.variant_experiment = $experiment)
GROUP BY label
HAVING label IN ($a, $b)

-- name: assigned
-- Whether one experiment assigned all of one group to one arm and all of the other to another, and how much of what.
WITH chosen AS (
    SELECT person AS who, variant_experiment, variant_arm,
        label_by($by, prompt_version, prompt_name, model, release, variant_arm) AS label
    FROM interaction_state
    WHERE ($prompt IS NULL OR prompt_name = $prompt) AND ($experiment IS NULL OR variant_experiment = $experiment)
), people AS (
    SELECT who, bool_or(label = $a) AS in_a, bool_or(label = $b) AS in_b
    FROM chosen
    WHERE label IN ($a, $b)
    GROUP BY who
)
SELECT any_value(variant_experiment) AS experiment,
    count(*) = count(variant_arm) AND count(DISTINCT variant_experiment) = 1
        AND count(DISTINCT variant_arm) = 2 AND count(DISTINCT (label, variant_arm)) = 2 AS assigned,
    (SELECT count(*) FROM people WHERE in_a) AS people_a, (SELECT count(*) FROM people WHERE in_b) AS people_b,
    (SELECT count(*) FROM people WHERE in_a AND in_b) AS people_both,
    count(*) FILTER (label = $a) AS interactions_a, count(*) FILTER (label = $b) AS interactions_b
FROM chosen
WHERE label IN ($a, $b)
