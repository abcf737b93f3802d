-- name: events
-- The facts with these ids, each with what its sender explained of it, and whether it is still what they say.
SELECT e.event_id, e.occurred_at, e.kind, e.target, e.part, coalesce(v.who, i.who, e.who) AS who, e.key_kind,
    e.value, e.score, e.name, e.rubric, e.label, e.note, e.min, e.max, e.text, e.category, e.expected, e.outcome,
    e.final, e.rationale, e.chosen, e.model, e.prompt_name, e.prompt_version, d.reasons, d.comment,
    CASE WHEN e.kind NOT IN ('thumb', 'suggestion', 'rating', 'comment', 'preference', 'annotation', 'judgement')
            THEN NULL
        WHEN v.event_id IS NULL THEN 'changed since'
        WHEN v.retracted THEN 'taken back'
        ELSE 'stands' END AS state
FROM events e
LEFT JOIN verdicts v ON v.event_id = e.event_id
LEFT JOIN interactions i ON i.event_id = e.event_id
LEFT JOIN details d ON d.about = e.event_id
WHERE e.event_id IN (SELECT TRY_CAST(id AS UUID) FROM (SELECT unnest(?::VARCHAR[]) AS id))
ORDER BY e.occurred_at, e.event_id
