-- name: models
-- What answers, how often, and what that costs and takes on average.
SELECT model, count(*) AS answers, avg(cost) AS cost, avg(latency_ms) AS latency_ms
FROM interactions
WHERE model IS NOT NULL
GROUP BY model
ORDER BY answers DESC, model
