-- name: verdicts
-- What people, annotators and judges now say about single interactions.
SELECT f.target, f.part, f.who, f.kind, f.name, f.rubric, f.value, f.score, f.event_id, f.occurred_at, f.reasons, f.comment,
    f.original, f.proposed, f.final, f.expected, f.output, e.label, e.min, e.max
FROM feedback f
LEFT JOIN events e ON e.event_id = f.event_id
WHERE f.scope = 'target' AND NOT f.retracted
-- By what was said, never by event id: the same facts sent again are mined the same.
ORDER BY f.target, f.occurred_at, f.kind, f.part, f.name, f.rubric, f.value, f.score, f.who
