-- name: retractions
-- about: Every retraction, with who sent it; whether it counts depends on what it takes back
-- columns:
--   retracted_id: the event it takes back
--   who: who sent it, after ties
--   by_backend: sent with a secret key, which may take back anything
SELECT DISTINCT e."of" AS retracted_id, coalesce(i.who, e.who) AS who, e.key_kind = 'sk' AS by_backend
FROM events e
LEFT JOIN identities i ON i.alias = e.who
WHERE e.kind = 'retraction'
