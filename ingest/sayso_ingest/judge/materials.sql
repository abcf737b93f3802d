-- name: materials
-- The texts of some interactions. $1: their targets.
SELECT target, occurred_at, input, input_messages, output, contexts, candidates, chosen_id
FROM interactions
WHERE target IN (SELECT unnest($1::VARCHAR[]))
