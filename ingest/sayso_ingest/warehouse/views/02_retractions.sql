-- name: retractions
-- about: Every retraction, with who sent it; whether it counts depends on what it takes back
-- columns:
--   retracted_id: the event it takes back
--   who: who sent it, after ties
--   by_backend: sent with a secret key, which may take back anything
SELECT DISTINCT r."of" AS retracted_id, coalesce(i.who, r.who) AS who, r.by_backend
FROM retraction_state r
LEFT JOIN identities i ON i.alias = r.who
