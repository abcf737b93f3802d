-- name: known
-- Interactions with an answer, without their texts, the judges who judged each, and whose verdict was taken back.
-- $1: the rubric; $2: the name of what is judged, or an empty text. What was taken back is judged again.
WITH judged AS (
    SELECT target, list(substr(who, 7)) FILTER (NOT retracted) AS judged_by,
        list({'judge': substr(who, 7), 'event_id': event_id::VARCHAR}) FILTER (retracted) AS taken_back
    FROM verdicts
    WHERE kind = 'judgement' AND rubric = $1 AND name = $2 AND part = '' AND scope = 'target'
    GROUP BY target
)
SELECT i.target, trim(coalesce(i.input, '')) <> '' AS asked, coalesce(json_array_length(i.candidates), 0) AS candidates,
    coalesce(j.judged_by, []) AS judged_by, coalesce(j.taken_back, []) AS taken_back
FROM interactions i
LEFT JOIN judged j ON j.target = i.target
WHERE i.output IS NOT NULL AND trim(i.output) <> ''
ORDER BY i.target
