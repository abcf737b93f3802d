-- name: with_prompts
-- What goes after the other two: the rows with their prompts, in an order that has nothing to do with when they landed.
-- $2: the sources that are asked for.
SELECT s.source, s.target, s.part, s.who, list_transform(s.event_ids, lambda id: id::VARCHAR) AS event_ids,
    coalesce(s.chosen, CASE WHEN s.missing = 'chosen' THEN i.output END) AS chosen,
    coalesce(s.rejected, CASE WHEN s.missing = 'rejected' THEN i.output END) AS rejected,
    i.input, i.input_messages, i.prompt_name, i.prompt_version, i.model, i.tags[1] AS topic
FROM every s
LEFT JOIN interactions i ON i.target = s.target
WHERE list_contains($2, s.source)
ORDER BY s.target, s.source, s.part, chosen, rejected, s.who
