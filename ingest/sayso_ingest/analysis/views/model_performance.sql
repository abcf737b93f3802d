-- name: model_performance
-- about: How good are the answers where somebody wrote what they should have been, or judged them as an annotator?
-- columns:
--   source: annotation or comment, whoever wrote the expected answer or judged
--   prompt_name: name of the prompt
--   prompt_version: version of the prompt
--   model: the model
--   expected: expected answers written, one per person and thing
--   people: people who wrote or judged
--   exact_rate: share of answers that are the expected one to the letter, 0 to 1; of comments no person, of annotations no answer counts for more than five
--   exact_low: lower end of its 95 % interval, Wilson's by person or answer
--   exact_high: upper end of its 95 % interval
--   same_rate: the same without regard to case, punctuation and space
--   same_low: lower end of its 95 % interval
--   same_high: upper end of its 95 % interval
--   overlap: mean F1 of the words of answer and expected answer, 0 to 1
--   judged: annotations that say good or bad, by label or by a score from 0 to 1
--   good_rate: share of them that say good, 0 to 1
--   good_low: lower end of its 95 % interval
--   good_high: upper end of its 95 % interval
WITH compared AS (
    SELECT kind AS source, person, CASE kind WHEN 'annotation' THEN target ELSE person END AS unit, prompt_name,
        prompt_version, model, expected, exact, same, overlap,
        CASE kind WHEN 'annotation' THEN sounds_good(value, score, rubric := rubric) END AS good
    FROM verdict_state
    WHERE kind IN ('annotation', 'comment') AND wins AND NOT retracted AND value IS NOT NULL
      AND interaction_id IS NOT NULL AND (expected IS NOT NULL OR good IS NOT NULL)
), people AS (
    SELECT source, prompt_name, prompt_version, model, count(DISTINCT person) AS people
    FROM compared
    GROUP BY ALL
), units AS (
    SELECT source, unit, prompt_name, prompt_version, model, nullif(count(expected), 0) AS n,
        count(*) FILTER (exact) AS exact, count(*) FILTER (same) AS same, sum(overlap) AS overlap,
        nullif(count(good), 0) AS judged, count(*) FILTER (good) AS good
    FROM compared
    GROUP BY ALL
)
SELECT u.source, u.prompt_name, u.prompt_version, u.model, coalesce(sum(u.n), 0)::BIGINT AS expected,
    any_value(p.people) AS people,
    fair_rate(u.exact, u.n) AS exact_rate, fair_low(u.exact, u.n) AS exact_low, fair_high(u.exact, u.n) AS exact_high,
    fair_rate(u.same, u.n) AS same_rate, fair_low(u.same, u.n) AS same_low, fair_high(u.same, u.n) AS same_high,
    sum(u.overlap) / sum(u.n) AS overlap, coalesce(sum(u.judged), 0)::BIGINT AS judged,
    fair_rate(u.good, u.judged) AS good_rate, fair_low(u.good, u.judged) AS good_low,
    fair_high(u.good, u.judged) AS good_high
FROM units u
JOIN people p ON p.source = u.source AND p.prompt_name IS NOT DISTINCT FROM u.prompt_name
    AND p.prompt_version IS NOT DISTINCT FROM u.prompt_version AND p.model IS NOT DISTINCT FROM u.model
GROUP BY u.source, u.prompt_name, u.prompt_version, u.model
ORDER BY u.source, u.prompt_name, u.prompt_version, u.model
