-- name: interactions
-- What was asked and answered for these targets.
SELECT event_id, target, input, input_messages, variables, output, prompt_name, prompt_version, model, tags
FROM interactions
WHERE target IN (SELECT unnest(?::VARCHAR[]))
ORDER BY target
