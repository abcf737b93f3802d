-- name: gone
-- Of keys of texts, each 16 hexadecimal digits, those that no interaction has as its question (any more).
-- $1: the salt that comes before a text; $2: the keys.
SELECT key
FROM (SELECT unnest($2::VARCHAR[]) AS key)
WHERE key NOT IN (SELECT left(sha256($1 || input), 16) FROM interactions WHERE input IS NOT NULL)
