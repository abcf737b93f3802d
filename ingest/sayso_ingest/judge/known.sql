-- name: known
-- Interactions with an answer, without their texts, the verdicts that judges have on each, and those taken back.
-- $1: the rubric; $2: the name of what is judged, or an empty text.
WITH judged AS (
    SELECT v.target, list({'judge': substr(v.who, 7), 'event_id': v.event_id::VARCHAR, 'chance': coalesce(e.sample_rate, 1),
            -- Of judgements that others sent, there may be anything in it.
            'samples': coalesce(TRY_CAST(e.meta ->> 'samples' AS BIGINT), 1)
                + coalesce(TRY_CAST(e.meta ->> 'unanswered' AS BIGINT), 0)}) FILTER (NOT v.retracted) AS verdicts,
        list({'judge': substr(v.who, 7), 'event_id': v.event_id::VARCHAR}) FILTER (v.retracted) AS taken_back
    FROM verdicts v
    JOIN (SELECT event_id, sample_rate, meta FROM events WHERE kind = 'judgement') e ON e.event_id = v.event_id
    WHERE v.kind = 'judgement' AND v.rubric = $1 AND v.name = $2 AND v.part = '' AND v.scope = 'target'
    GROUP BY v.target
)
SELECT i.target, trim(coalesce(i.input, '')) <> '' AS asked, coalesce(json_array_length(i.candidates), 0) AS candidates,
    coalesce(j.verdicts, []) AS verdicts, coalesce(j.taken_back, []) AS taken_back
FROM interactions i
LEFT JOIN judged j ON j.target = i.target
WHERE i.output IS NOT NULL AND trim(i.output) <> ''
ORDER BY i.target
