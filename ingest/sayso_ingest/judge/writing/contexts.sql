-- name: contexts
-- Texts that were retrieved for interactions, each once, those that were retrieved the most first.
-- $1: the targets of these interactions; NULL for all.
SELECT coalesce(min(context ->> 'id'), '') AS name, context ->> 'text' AS text
FROM (
    SELECT unnest(contexts::JSON[]) AS context
    FROM interactions
    WHERE contexts IS NOT NULL AND ($1 IS NULL OR target IN (SELECT unnest($1::VARCHAR[])))
)
WHERE trim(coalesce(context ->> 'text', '')) != ''
GROUP BY context ->> 'text'
ORDER BY count(*) DESC, name, text
