-- name: comments
-- about: Every comment that is not taken back, also those given with a thumb, with their interaction
-- columns:
--   target: what it is about
--   part: a part of the target, or an empty text
--   who: who wrote it, after ties
--   kind: comment, or detail for one written after a click
--   text: what was written
--   category: its category
--   expected: what the answer should have been
--   reasons: the reasons picked with it
--   value: what the event says that a detail explains: up, down, rejected
--   event_id: the comment or detail event
--   occurred_at: when, UTC
--   prompt_name: name of the interaction's prompt
--   prompt_version: version of the interaction's prompt
--   model: the interaction's model
--   input: what the model was asked
--   output: what it answered
SELECT r.target, r.part, r.person AS who, r.kind, r.text, r.category, r.expected, r.reasons, r.value, r.event_id,
    r.occurred_at, r.prompt_name, r.prompt_version, r.model, i.input, i.output
FROM remark_state r
LEFT JOIN events i ON i.event_id = r.interaction_id AND i.kind = 'interaction'
WHERE r.counts AND r.text IS NOT NULL
