-- name: contexts
-- Texts that were retrieved for interactions, each once, those that were retrieved the most first.
-- $1: the targets of these interactions; NULL for all. $2: how many texts at most. They are counted by their hashes, and
-- only those that are wanted are looked up: all of them together may be far larger than memory.
WITH retrieved AS (
    SELECT target, unnest(range(json_array_length(contexts)::BIGINT)) AS place, unnest(contexts::JSON[]) AS context
    FROM interactions
    WHERE contexts IS NOT NULL AND ($1 IS NULL OR target IN (SELECT unnest($1::VARCHAR[])))
), counted AS (
    SELECT md5_number(context ->> 'text') AS text, count(*) AS times, coalesce(min(context ->> 'id'), '') AS name,
        min({'target': target, 'place': place}) AS first
    FROM retrieved
    WHERE trim(coalesce(context ->> 'text', '')) <> ''
    GROUP BY 1
    ORDER BY times DESC, name, first
    LIMIT $2
)
SELECT c.name, (i.contexts::JSON[])[c.first.place + 1] ->> 'text' AS text
FROM counted c
JOIN interactions i ON i.target = c.first.target
ORDER BY c.times DESC, c.name, c.first
