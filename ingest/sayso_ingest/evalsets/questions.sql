-- name: questions
-- What was asked wherever people said something about the answer.
SELECT target, input, input_messages
FROM interactions
WHERE target IN (SELECT target FROM feedback WHERE scope = 'target' AND NOT retracted)
