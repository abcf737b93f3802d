-- name: inbox
-- about: What did people write, newest first, and what was it about?
-- columns:
--   occurred_at: when, UTC
--   who: who wrote it
--   text: what was written
--   expected: what the answer should have been
--   reasons: the reasons picked with it
--   value: what the click said that the comment explains: up, down, rejected
--   category: its category
--   input: what the model was asked
--   output: what it answered
--   prompt_name: name of the interaction's prompt
--   prompt_version: version of the interaction's prompt
--   target: what it is about
SELECT occurred_at, who, text, expected, reasons, value, category, input, output, prompt_name, prompt_version, target
FROM comments
ORDER BY occurred_at DESC, event_id
