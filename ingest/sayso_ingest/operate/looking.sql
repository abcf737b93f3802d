-- How far a project is, as its published copy says it.

-- name: positions
-- Up to where each source of the log has landed.
SELECT source, next_offset FROM positions;

-- name: page
-- When it was made, when its youngest event came in and landed, and how many events it has; one row.
SELECT events, last_received_at, last_landed_at, published_at FROM published;
