-- name: documents
-- The ids of the texts that were retrieved for interactions, those without an id left out.
-- $1: their targets.
SELECT target, list_filter(contexts ->> '$[*].id', lambda id: id IS NOT NULL) AS documents
FROM interactions
WHERE contexts IS NOT NULL AND target IN (SELECT unnest($1::VARCHAR[]))
