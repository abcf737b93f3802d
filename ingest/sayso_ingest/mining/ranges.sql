-- name: ranges
-- The lowest and the highest score that were given, by kind, name, rubric, and judge.
SELECT kind, name, rubric, CASE WHEN kind = 'judgement' THEN who ELSE '' END AS judge,
    min(score) AS lowest, max(score) AS highest
FROM verdicts
WHERE scope = 'target' AND NOT retracted AND score IS NOT NULL
GROUP BY ALL
