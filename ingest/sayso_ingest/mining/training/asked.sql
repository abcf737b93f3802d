-- name: asked
-- What was asked and answered for these interactions.
-- $1: their targets.
SELECT target, input, input_messages, output, prompt_name, prompt_version, model, tags[1] AS topic
FROM interactions
WHERE target IN (SELECT unnest($1::VARCHAR[]))
