-- name: models
-- What answers, and what that costs on average.
SELECT model, avg(cost) AS cost
FROM interactions
WHERE model IS NOT NULL AND cost > 0
GROUP BY model
ORDER BY model
