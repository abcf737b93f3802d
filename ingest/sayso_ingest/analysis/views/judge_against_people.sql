-- name: judge_against_people
-- about: Does the judge say what people say?
-- columns:
--   judge: the judging model
--   rubric: the judge's rubric, or an empty text
--   people_by: thumb or annotation: by which people said it; only those without a dimension of their own, or of the judge's
--   n: pairs of a judgement and what one person says about the same thing
--   people: people who said so
--   both_good: the judge and the person say good
--   judge_good: only the judge says good
--   people_good: only the person says good
--   both_bad: both say bad
--   agree_rate: both_good and both_bad / n, 0 to 1; of thumbs no person, of annotations no thing counts for more than five
--   agree_low: lower end of its 95 % interval, Wilson's by person or thing
--   agree_high: upper end of its 95 % interval
--   found_rate: of what people call bad, the share that the judge calls bad, 0 to 1
--   found_low: lower end of its 95 % interval
--   found_high: upper end of its 95 % interval
--   false_rate: of what people call good, the share that the judge calls bad, 0 to 1
--   false_low: lower end of its 95 % interval
--   false_high: upper end of its 95 % interval
WITH judged AS (
    SELECT substr(who, 7) AS judge, rubric, name, target, part, sounds_good(value, score, rubric := rubric) AS judge_good
    FROM verdict_state
    WHERE kind = 'judgement' AND wins AND NOT retracted AND judge_good IS NOT NULL
), said AS (
    SELECT kind, target, part, name, person,
        CASE kind WHEN 'thumb' THEN value = 'up' ELSE sounds_good(value, score, rubric := rubric) END AS good
    FROM verdict_state
    WHERE kind IN ('thumb', 'annotation') AND wins AND NOT retracted AND value IS NOT NULL
), pairs AS (
    SELECT j.judge, j.rubric, s.kind AS people_by, s.person,
        CASE s.kind WHEN 'thumb' THEN s.person ELSE s.target END AS unit, j.judge_good, s.good
    FROM judged j
    JOIN said s ON s.target = j.target AND s.part = j.part AND s.name IN ('', j.name)
    WHERE s.good IS NOT NULL
), people AS (
    SELECT judge, rubric, people_by, count(DISTINCT person) AS people
    FROM pairs
    GROUP BY ALL
), units AS (
    SELECT judge, rubric, people_by, unit, count(*) AS n,
        count(*) FILTER (judge_good AND good) AS both_good, count(*) FILTER (judge_good AND NOT good) AS judge_good,
        count(*) FILTER (NOT judge_good AND good) AS people_good,
        count(*) FILTER (NOT judge_good AND NOT good) AS both_bad,
        nullif(count(*) FILTER (NOT good), 0) AS bad, nullif(count(*) FILTER (good), 0) AS good
    FROM pairs
    GROUP BY ALL
)
SELECT u.judge, u.rubric, u.people_by, sum(u.n)::BIGINT AS n, any_value(p.people) AS people,
    sum(u.both_good)::BIGINT AS both_good, sum(u.judge_good)::BIGINT AS judge_good,
    sum(u.people_good)::BIGINT AS people_good, sum(u.both_bad)::BIGINT AS both_bad,
    fair_rate(u.both_good + u.both_bad, u.n) AS agree_rate, fair_low(u.both_good + u.both_bad, u.n) AS agree_low,
    fair_high(u.both_good + u.both_bad, u.n) AS agree_high,
    fair_rate(u.both_bad, u.bad) AS found_rate, fair_low(u.both_bad, u.bad) AS found_low,
    fair_high(u.both_bad, u.bad) AS found_high,
    fair_rate(u.people_good, u.good) AS false_rate, fair_low(u.people_good, u.good) AS false_low,
    fair_high(u.people_good, u.good) AS false_high
FROM units u
JOIN people p USING (judge, rubric, people_by)
GROUP BY u.judge, u.rubric, u.people_by
ORDER BY u.judge, u.rubric, u.people_by
