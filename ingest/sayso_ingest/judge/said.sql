-- name: said
-- What judges say of single answers now, each with what people say of the same, one list a kind of person.
-- A judge of one answer says good or bad by its rubric's scores, else by its label, else by its score; of candidates, the id of the better one.
-- `chance` is the probability with which the answer was drawn to be judged.
WITH judged AS (
    SELECT v.target, substr(v.who, 7) AS judge, v.rubric, v.name, v.value, v.score, v.prompt_name, v.prompt_version,
        sounds_good(v.value, v.score, rubric := v.rubric) AS good,
        -- Of judgements that others sent, there may be anything in these.
        greatest(coalesce(e.sample_rate, 1), 1e-9) AS chance,
        TRY_CAST(e.meta ->> 'pairs' AS BIGINT) AS told_pairs, TRY_CAST(e.meta ->> 'consistent' AS BIGINT) AS told_consistent,
        CASE WHEN told_consistent BETWEEN 0 AND told_pairs THEN told_pairs END AS pairs,
        CASE WHEN told_consistent BETWEEN 0 AND told_pairs THEN told_consistent END AS consistent,
        TRY_CAST(e.meta ->> 'agreed' AS DOUBLE) AS told_agreed,
        CASE WHEN told_agreed BETWEEN 0 AND 1 THEN told_agreed END AS agreed
    FROM verdicts v
    JOIN events e ON e.event_id = v.event_id
    WHERE v.kind = 'judgement' AND NOT v.retracted AND v.value IS NOT NULL AND v.part = '' AND v.scope = 'target'
), said AS (
    SELECT target, CASE kind WHEN 'preference' THEN '' ELSE name END AS name, kind, list(value ORDER BY who) AS labels,
        list(who ORDER BY who) AS people,
        list(CASE kind WHEN 'thumb' THEN value = 'up'
            WHEN 'annotation' THEN sounds_good(value, score, rubric := rubric) END ORDER BY who) AS good
    FROM verdicts
    WHERE kind IN ('thumb', 'annotation', 'preference') AND NOT retracted AND value IS NOT NULL AND part = ''
    GROUP BY 1, 2, 3
)
SELECT j.*, a.good AS annotated, a.people AS annotated_by, t.good AS thumbs, t.people AS thumbs_by, p.labels AS preferred
FROM judged j
LEFT JOIN said a ON a.target = j.target AND a.kind = 'annotation' AND a.name = j.name
LEFT JOIN said t ON t.target = j.target AND t.kind = 'thumb' AND t.name = j.name
LEFT JOIN said p ON p.target = j.target AND p.kind = 'preference' AND j.name = 'preference'
ORDER BY j.judge, j.rubric, j.name, j.target
