-- Whether what is landed is fresh and whole.

-- name: published
-- When the copy was made and what it holds; one row.
SELECT published_at, last_landed_at, last_received_at, events, rejects, landing FROM published;

-- name: losses
-- What did not become an event of its own, by hop and reason.
SELECT hop, reason, sum(n)::BIGINT AS n, count(DISTINCT key_id) AS keys, max(last_at) AS last_at
FROM losses
GROUP BY hop, reason
ORDER BY list_position(['client', 'collector', 'lander'], hop), n DESC, reason;

-- name: clients
-- The clients that were seen, those that fell silent first.
SELECT sdk, key_id, events, first_at, last_at, active_days, silent FROM silent_sources;

-- name: kinds
-- How many events there are of each kind, most first.
SELECT kind, count(*) AS events FROM events GROUP BY kind ORDER BY events DESC, kind;

-- name: quality
-- How far the data can be trusted.
FROM data_quality;
