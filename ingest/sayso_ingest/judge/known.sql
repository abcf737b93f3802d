-- name: known
-- Interactions with an answer, without their texts, and the judges who judged each.
-- $1: the rubric; $2: the name of what is judged, or an empty text. What was taken back is judged again.
WITH judged AS (
    SELECT target, list(DISTINCT substr(who, 7)) AS judged_by
    FROM verdicts
    WHERE kind = 'judgement' AND rubric = $1 AND name = $2 AND part = '' AND NOT retracted AND scope = 'target'
    GROUP BY target
)
SELECT i.target, coalesce(json_array_length(i.candidates), 0) AS candidates, coalesce(j.judged_by, []) AS judged_by
FROM interactions i
LEFT JOIN judged j ON j.target = i.target
WHERE i.output IS NOT NULL AND trim(i.output) <> ''
ORDER BY i.target
