-- What the published copy of a project says about its state.

-- name: page
-- When it was made, when its youngest event came in and landed, and how many events it has; one row.
SELECT events, last_received_at, last_landed_at, published_at FROM published;

-- name: rejects
-- How many events were refused for each reason.
SELECT reason, count(*) AS n FROM rejects GROUP BY ALL ORDER BY ALL;

-- name: counts
-- What did not become a row of its own, by the hop that counted it and the reason.
SELECT hop, reason, sum(n)::BIGINT AS n FROM losses WHERE hop = 'client' OR reason = 'repeat' GROUP BY ALL ORDER BY ALL;

-- name: positions
-- Up to where each source of the log has landed.
SELECT source, next_offset FROM positions;
