-- What judges say of answers.

-- name: judges
-- Every judge, corrected by people; those whose rate is known first.
FROM judge_rates ORDER BY good_rate IS NULL, judge, rubric, name;

-- name: unlabelled
-- Of each judge one answer, drawn at random, that it called good or bad and nobody has labelled: whoever labels it corrects
-- the judge.
SELECT substr(who, 7) AS judge, rubric, arg_min(target, key_of(target || who)) AS target
FROM verdict_state
WHERE kind = 'judgement' AND wins AND NOT retracted AND value IS NOT NULL AND part = '' AND name = '' AND scope = 'target'
  AND sounds_good(value, score, rubric := rubric) IS NOT NULL
  AND target NOT IN (
    SELECT target FROM verdict_state
    WHERE kind = 'annotation' AND wins AND NOT retracted AND value IS NOT NULL AND part = '' AND name = '')
GROUP BY ALL;
