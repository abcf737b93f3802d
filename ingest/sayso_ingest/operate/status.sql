-- What was refused and what was lost, as the published copy of a project says it.

-- name: rejects
-- How many events were refused for each reason.
SELECT reason, count(*) AS n FROM rejects GROUP BY ALL ORDER BY ALL;

-- name: counts
-- What did not become a row of its own, by the hop that counted it and the reason.
SELECT hop, reason, sum(n)::BIGINT AS n FROM losses WHERE hop = 'client' OR reason = 'repeat' GROUP BY ALL ORDER BY ALL;
