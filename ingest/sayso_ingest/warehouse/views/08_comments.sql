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
WITH written AS (
    SELECT e.target, coalesce(e.part, '') AS part, coalesce(i.who, e.who) AS who, 'comment' AS kind, e.text,
        e.category, e.expected, NULL::VARCHAR[] AS reasons, NULL AS value, e.event_id, e.occurred_at
    FROM events e
    LEFT JOIN identities i ON i.alias = e.who
    WHERE e.kind = 'comment'
      AND NOT EXISTS (
        SELECT 1 FROM retractions r
        WHERE r.retracted_id = e.event_id AND (r.by_backend OR r.who = coalesce(i.who, e.who)))
    UNION ALL
    SELECT e.target, coalesce(e.part, ''), d.who, 'detail', d.comment,
        NULL, NULL, d.reasons, e.value, d.event_id, d.occurred_at
    FROM details d
    JOIN events e ON e.event_id = d.about
    WHERE d.comment IS NOT NULL
)
SELECT w.*, i.prompt_name, i.prompt_version, i.model, i.input, i.output
FROM written w
LEFT JOIN interactions i ON i.target = w.target
