-- name: edits
-- Suggestions that people accepted after changing them, with the question they answered.
SELECT s.event_id, s.target, s.part, s.who, s.proposed, s.final,
    i.input, i.input_messages, i.output, i.prompt_name, i.prompt_version, i.model
FROM suggestions s
LEFT JOIN interactions i ON i.target = s.target
WHERE s.outcome = 'edited'
ORDER BY s.target, s.part, s.occurred_at, s.proposed, s.final, s.event_id
