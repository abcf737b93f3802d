-- What the first page says about a project.

-- name: published
-- When the copy was made, when its youngest event came in, and how many events it has; one row.
SELECT published_at, last_received_at, events FROM published;

-- name: kinds
-- How many events there are of each kind, most first.
SELECT kind, count(*) AS events FROM events GROUP BY ALL ORDER BY events DESC, kind;

-- name: rejects
-- How many events were refused for each reason, most first.
SELECT reason, count(*) AS events FROM rejects GROUP BY ALL ORDER BY events DESC, reason;
