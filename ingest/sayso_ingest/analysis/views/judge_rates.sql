-- name: judge_rates
-- about: How good would people call the answers that a judge graded, and how far is it to be trusted?
-- columns:
--   judge: the judging model
--   rubric: the judge's rubric, or an empty text
--   name: the dimension asked about, or an empty text
--   judged: answers that it called good or bad
--   people_by: thumb or annotation: by which people it is corrected; annotations where there are 50, else thumbs where there are, else the more of both
--   labelled: answers of these that people spoke of too, who do not balance
--   people: people who did
--   missing: labelled answers that are missing until there is a rate: 50 are needed by thumbs or by annotations, whichever people_by says
--   good_rate: share of what was judged that people would call good, 0 to 1: what the judge says, corrected by people (PPI++); NULL where too few are labelled
--   good_low: lower end of its 95 % interval; it knows that labels of one person resemble each other
--   good_high: upper end of its 95 % interval
--   reason: why there is no rate: few_labels; NULL where there is one
--   trust: how much the judge counts in it, 0 to 1; at 0 it is the rate of the labels alone
--   agree_rate: share of the labelled answers of which the judge says what most people do, 0 to 1
--   agree_low: lower end of its 95 % Wilson interval
--   agree_high: upper end of its 95 % Wilson interval
--   kappa: Cohen's kappa of the judge and most people: 1 is full agreement, 0 what chance gives; NULL where both always said the same
--   raw_rate: share that the judge by itself calls good, 0 to 1: not what people think; NULL where that is not known
-- PPI++, and its variance by things and by people, as analysis/stats/judge.py has them, with their sources.
WITH judged AS (
    SELECT substr(v.who, 7) AS judge, v.rubric, v.name, v.target,
        sounds_good(v.value, v.score, rubric := v.rubric)::INT::DOUBLE AS judge_good,
        1 / greatest(coalesce(e.sample_rate, 1), 1e-9) AS weight  -- what was drawn seldom stands for more
    FROM verdict_state v
    JOIN (SELECT event_id, sample_rate FROM events WHERE kind = 'judgement') e ON e.event_id = v.event_id
    WHERE v.kind = 'judgement' AND v.wins AND NOT v.retracted AND v.value IS NOT NULL AND v.part = ''
      AND v.scope = 'target' AND v.name <> 'preference' AND judge_good IS NOT NULL
), said AS (
    SELECT kind, name, target, person, good::INT::DOUBLE AS good, count(*) OVER (PARTITION BY kind, name, target) AS n
    FROM (
        SELECT kind, name, target, person,
            CASE kind WHEN 'thumb' THEN value = 'up' ELSE sounds_good(value, score, rubric := rubric) END AS good
        FROM verdict_state
        WHERE kind IN ('thumb', 'annotation') AND wins AND NOT retracted AND value IS NOT NULL AND part = ''
          AND target IN (SELECT target FROM judged)
    )
    WHERE good IS NOT NULL
), held AS (
    SELECT judge, rubric, name, CASE WHEN annotated >= 50 THEN 'annotation' WHEN thumbs >= 50 THEN 'thumb'
        WHEN annotated >= thumbs THEN 'annotation' ELSE 'thumb' END AS people_by
    FROM (
        SELECT judge, rubric, name, count(*) FILTER (kind = 'annotation') AS annotated,
            count(*) FILTER (kind = 'thumb') AS thumbs
        FROM judged
        -- Only what counts as labelled below: of what people balance on, none does.
        LEFT JOIN (SELECT kind, name, target FROM said GROUP BY ALL HAVING avg(good) <> 0.5) USING (name, target)
        GROUP BY ALL
    )
), things AS (
    -- What was judged, with the mean of what people say of it: NULL where nobody spoke.
    SELECT j.*, h.people_by, avg(s.good) AS good
    FROM judged j
    JOIN held h USING (judge, rubric, name)
    LEFT JOIN said s ON s.kind = h.people_by AND s.name = j.name AND s.target = j.target
    GROUP BY ALL
), sums AS (
    -- Of all, of those that people spoke of too (both), and of those that the judge alone did.
    SELECT judge, rubric, name, people_by, count(*) AS judged, count(*) FILTER (good <> 0.5) AS labelled,
        count(*) FILTER (good <> 0.5 AND round(good) = judge_good) AS agreed,
        count(*) FILTER (good > 0.5) AS liked, count(*) FILTER (good <> 0.5 AND judge_good = 1) AS approved,
        sum(weight * judge_good) AS yes, sum(weight) AS total, sum(weight ** 2) AS squares,
        min(judge_good) < max(judge_good) AND min(good) < max(good) AS varied, count(good) AS n,
        sum(weight) FILTER (good IS NOT NULL) AS total_both, sum(weight ** 2) FILTER (good IS NOT NULL) AS squares_both,
        sum(weight * judge_good) FILTER (good IS NOT NULL) AS yes_both, sum(weight * good) AS good_both,
        sum(weight * good * judge_good) AS together, sum(weight) FILTER (good IS NULL) AS total_alone,
        sum(weight ** 2) FILTER (good IS NULL) AS squares_alone,
        sum(weight * judge_good) FILTER (good IS NULL) AS yes_alone,
        sum(weight ** 2 * judge_good) FILTER (good IS NULL) AS yes_squares
    FROM things
    GROUP BY ALL
), trusted AS (
    SELECT *, total_both ** 2 / squares_both AS sure, yes_alone / total_alone AS rate_alone,
        CASE WHEN varied AND judged - n > 1 THEN greatest(0, least(1,
            (together - yes_both * good_both / total_both) / (total_both - squares_both / total_both)
            / ((1 + sure * squares_alone / total_alone ** 2) * (yes - yes ** 2 / total) / (total - squares / total))
        )) ELSE 0 END AS trust
    FROM sums
), fitted AS (
    SELECT *, CASE WHEN trust > 0 AND n > 2 THEN 2 ELSE 1 END AS known,
        (good_both - trust * yes_both) / total_both AS middle,
        greatest(0, least(1, middle + CASE WHEN trust > 0 THEN trust * rate_alone ELSE 0 END)) AS rate,
        CASE WHEN trust > 0 THEN trust ** 2 * (yes_squares * (1 - 2 * rate_alone) + rate_alone ** 2 * squares_alone)
            / total_alone ** 2 * (judged - n) / (judged - n - 1) ELSE 0 END AS variance_alone
    FROM trusted
), clusters AS (
    -- By how much each label, thing and person draws the mean away.
    SELECT f.judge, f.rubric, f.name, t.target, s.person, sum(t.weight / s.n) AS weight,
        sum(t.weight / s.n / f.total_both * (s.good - f.trust * t.judge_good - f.middle)) AS pull
    FROM fitted f
    JOIN things t USING (judge, rubric, name, people_by)
    JOIN said s ON s.kind = t.people_by AND s.name = t.name AND s.target = t.target
    GROUP BY GROUPING SETS ((f.judge, f.rubric, f.name, t.target), (f.judge, f.rubric, f.name, s.person),
        (f.judge, f.rubric, f.name, t.target, s.person))
), pulled AS (
    SELECT judge, rubric, name, sum(pull ** 2) FILTER (person IS NULL) AS by_thing,
        count(*) FILTER (target IS NULL) AS people, sum(weight) FILTER (target IS NULL) ** 2
            / sum(weight ** 2) FILTER (target IS NULL) - 1 AS people_freedom,
        CASE WHEN people > 1 THEN people / (people - 1) * sum(pull ** 2) FILTER (target IS NULL)
            ELSE 0 END AS by_person,
        greatest(0, by_person - sum(pull ** 2) FILTER (target IS NOT NULL AND person IS NOT NULL)) AS more
    FROM clusters
    GROUP BY ALL
), spread AS (
    SELECT f.*, coalesce(p.people, 0) AS people, p.by_thing * n / (n - known) + variance_alone
            + CASE WHEN people > 1 THEN p.more ELSE 0 END AS variance,
        greatest(0, variance - by_person) AS rest, CASE WHEN by_person > 0 THEN (rest + by_person) ** 2
            / (rest ** 2 / greatest(1, sure - known) + by_person ** 2 / people_freedom) ELSE sure - known END AS freedom
    FROM fitted f
    LEFT JOIN pulled p USING (judge, rubric, name)
), worth AS (
    -- As many labels of people alone as would leave the same variance, fewer where the variance itself is little known.
    SELECT *, labelled >= 50 AS enough,
        CASE WHEN variance > 0 AND rate > 0 AND rate < 1 THEN rate * (1 - rate) / variance ELSE sure END
            * (1.959963984540054 / student_t(greatest(1, freedom))) ** 2 AS worth
    FROM spread
)
SELECT judge, rubric, name, judged, CASE WHEN labelled > 0 THEN people_by END AS people_by, labelled, people,
    greatest(0, 50 - labelled) AS missing, CASE WHEN enough THEN rate END AS good_rate,
    CASE WHEN enough THEN wilson_low(rate * worth, worth) END AS good_low,
    CASE WHEN enough THEN wilson_high(rate * worth, worth) END AS good_high,
    CASE WHEN NOT enough THEN 'few_labels' END AS reason, CASE WHEN enough THEN trust END AS trust,
    agreed / nullif(labelled, 0) AS agree_rate, wilson_low(agreed, labelled) AS agree_low,
    wilson_high(agreed, labelled) AS agree_high, (agree_rate - chance) / nullif(1 - chance, 0) AS kappa,
    CASE WHEN enough THEN yes / total END AS raw_rate
FROM (
    SELECT *, (liked * approved + (labelled - liked) * (labelled - approved)) / nullif(labelled, 0) ** 2 AS chance
    FROM worth
)
ORDER BY judge, rubric, name
