-- Named statements of the warehouse. A statement starts at its name and ends at the next one.

-- name: ids_count
SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM erased_ids);

-- name: ids_hashed
SELECT hash(event_id) FROM events UNION ALL SELECT hash(event_id) FROM erased_ids;

-- name: ids_to_hash
SELECT hash(event_id::UUID) AS h FROM id_batch;

-- name: ids_stored
-- Which of the batch's ids are stored, and what they said. The literal bounds let DuckDB skip row groups:
-- without them the join reads every id there is. Of an erased one nothing is known but the id.
SELECT event_id::VARCHAR, content_hash
FROM events
WHERE event_id BETWEEN $first::UUID AND $last::UUID
  AND event_id IN (SELECT event_id::UUID FROM id_batch)
UNION ALL
SELECT event_id::VARCHAR, NULL
FROM erased_ids
WHERE event_id IN (SELECT event_id::UUID FROM id_batch);

-- name: land_events
INSERT INTO events BY NAME
SELECT *, ? AS landed_at, ? AS landing
FROM events_batch;

-- name: rejects_again
-- Which rejects of the batch are there already, or stand in it before: a client whose answer was lost sends them
-- again. What has no id cannot be told from another one like it. What was erased is read again where a log is read anew.
WITH stored AS (
    SELECT DISTINCT key_id, event_id, reason, sha256
    FROM rejects
    WHERE event_id IN (SELECT event_id FROM rejects_batch)
)
SELECT reject_id
FROM rejects_batch LEFT JOIN stored USING (key_id, event_id, reason, sha256)
WHERE event_id IS NOT NULL
QUALIFY stored.sha256 IS NOT NULL
    OR row_number() OVER (PARTITION BY key_id, event_id, reason, sha256 ORDER BY reject_id) > 1
UNION
SELECT reject_id FROM rejects_batch WHERE reject_id::UUID IN (SELECT event_id FROM erased_ids);

-- name: land_rejects
INSERT INTO rejects BY NAME
SELECT *, ? AS landed_at
FROM rejects_batch;

-- name: land_counts
INSERT INTO counts BY NAME
SELECT *, ? AS landed_at
FROM counts_batch;

-- name: land_client_losses
-- Each total is a client's count so far, so the highest holds: repeats and late arrivals change nothing.
MERGE INTO client_losses t
USING (SELECT * REPLACE (client::UUID AS client), ? AS landed_at FROM client_losses_batch) u
ON t.key_id = u.key_id AND t.client = u.client AND t.reason = u.reason
WHEN MATCHED AND u.n > t.n THEN UPDATE SET n = u.n, landed_at = u.landed_at
WHEN NOT MATCHED THEN INSERT BY NAME;

-- name: positions
SELECT source, next_offset FROM positions;

-- name: forget_position
DELETE FROM positions WHERE source = ?;

-- name: put_position_away
INSERT INTO removed_sources SELECT source, next_offset, ? FROM positions WHERE source = ?;

-- name: positions_put_away
SELECT source, next_offset FROM removed_sources WHERE list_contains(?, source);

-- name: drop_position_put_away
DELETE FROM removed_sources WHERE source = ?;

-- name: set_position
INSERT INTO positions VALUES (?, ?);

-- name: accept_gap
INSERT INTO accepted_gaps VALUES (?, ?, ?, ?, ?);

-- name: next_landing
-- Of two landers that stand at the same landing one moves the mark; the other finds it moved, or fails to commit.
UPDATE progress SET landing = landing + 1 WHERE landing = ?;

-- name: still_there
SELECT count(*) FROM progress WHERE landing = ?;

-- name: rewrite_due
SELECT coalesce(rewrite_due, false) FROM progress;

-- name: rewritten
UPDATE progress SET rewrite_due = false;

-- name: folded
UPDATE progress SET folded = ? WHERE folded = ?;

-- name: progress
SELECT landing, folded FROM progress;

-- name: unfolded
-- How many events each landing has that is not in the state tables yet.
SELECT landing, count(*)
FROM events
WHERE landing > (SELECT folded FROM progress)
GROUP BY landing
ORDER BY landing;

-- name: clear_published
DELETE FROM published;

-- name: set_published
INSERT INTO published
SELECT ?, count(*), (SELECT count(*) FROM rejects), max(received_at), max(landed_at),
    (SELECT landing FROM progress)
FROM events;

-- name: published_landing
-- What landing a published copy was made at.
SELECT landing FROM published;

-- name: dropped
-- How many events clients dropped so far, by their reasons.
SELECT reason, sum(n)::BIGINT FROM losses WHERE hop = 'client' GROUP BY ALL;
