-- name: tags
-- How many interactions begin with each tag; those without one are of no group.
SELECT tags[1] AS tag, count(*) AS interactions
FROM interaction_state
WHERE tags[1] IS NOT NULL
GROUP BY tag
ORDER BY interactions DESC, tag;
