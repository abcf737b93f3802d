-- name: contexts
-- The texts that were retrieved for these interactions, in their order.
-- $1: targets.
SELECT target, list_filter(json_extract_string(contexts, '$[*].text'), lambda text: text IS NOT NULL) AS texts
FROM interactions
WHERE contexts IS NOT NULL AND target IN (SELECT unnest($1::VARCHAR[]))
