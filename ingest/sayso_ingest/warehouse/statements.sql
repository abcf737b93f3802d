-- Named statements of the warehouse. A statement starts at its name and ends at the next one.

-- name: ids_count
SELECT count(*) FROM events;

-- name: ids_hashed
SELECT hash(event_id) FROM events;

-- name: ids_to_hash
SELECT hash(event_id::UUID) AS h FROM id_batch;

-- name: ids_stored
-- Which of the batch's ids are stored, and what they said. The literal bounds let DuckDB skip row groups:
-- without them the join reads every id there is.
SELECT event_id::VARCHAR, content_hash
FROM events
WHERE event_id BETWEEN ?::UUID AND ?::UUID
  AND event_id IN (SELECT event_id::UUID FROM id_batch);

-- name: land_events
INSERT INTO events BY NAME
SELECT * REPLACE (event_id::UUID AS event_id, about::UUID AS about, "of"::UUID AS "of")
FROM events_batch;

-- name: land_rejects
INSERT INTO rejects BY NAME
SELECT * REPLACE (reject_id::UUID AS reject_id)
FROM rejects_batch;

-- name: land_counts
INSERT INTO counts BY NAME
FROM counts_batch;

-- name: land_client_losses
-- Each total is a client's count so far, so the highest holds: repeats and late arrivals change nothing.
MERGE INTO client_losses t
USING (SELECT * REPLACE (client::UUID AS client) FROM client_losses_batch) u
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

-- name: next_landing
UPDATE progress SET landing = landing + 1 RETURNING landing;

-- name: progress
SELECT landing, folded FROM progress;

-- name: fold_verdicts
-- The highest event in order wins, whatever the order of arrival. The struct keeps NULL values: arg_max
-- alone would skip them, and a null thumb would never take anything back. What `value` and `score` are for each
-- kind is told in lander/rows.py.
MERGE INTO verdict_state t
USING (
    SELECT target, part, who, kind, name, rubric,
        unnest(arg_max(
            {'occurred_at': occurred_at, 'seq': seq, 'event_id': event_id,
             'value': value, 'score': score, 'verified': verified, 'key_id': key_id},
            row(occurred_at, seq, event_id)))
    FROM (
        SELECT coalesce(target, '') AS target, coalesce(part, '') AS part, who, kind,
            coalesce(name, '') AS name, coalesce(rubric, '') AS rubric,
            occurred_at, coalesce(seq, -1) AS seq, event_id, value, score, verified, key_id
        FROM events
        WHERE landing > ?
          AND kind IN ('thumb', 'suggestion', 'rating', 'comment', 'preference', 'annotation', 'judgement')
          AND (kind <> 'suggestion' OR outcome IS NOT NULL)
    )
    GROUP BY target, part, who, kind, name, rubric
) u
ON t.target = u.target AND t.part = u.part AND t.who = u.who
    AND t.kind = u.kind AND t.name = u.name AND t.rubric = u.rubric
WHEN MATCHED AND row(u.occurred_at, u.seq, u.event_id) > row(t.occurred_at, t.seq, t.event_id)
    THEN UPDATE SET occurred_at = u.occurred_at, seq = u.seq, event_id = u.event_id,
        value = u.value, score = u.score, verified = u.verified, key_id = u.key_id
WHEN NOT MATCHED THEN INSERT BY NAME;

-- name: fold_interactions
MERGE INTO interaction_state t
USING (
    SELECT target,
        unnest(max(row(occurred_at, coalesce(seq, -1), event_id)::STRUCT(occurred_at TIMESTAMP, seq BIGINT, event_id UUID)))
    FROM events
    WHERE landing > ? AND kind = 'interaction'
    GROUP BY target
) u
ON t.target = u.target
WHEN MATCHED AND row(u.occurred_at, u.seq, u.event_id) > row(t.occurred_at, t.seq, t.event_id)
    THEN UPDATE SET occurred_at = u.occurred_at, seq = u.seq, event_id = u.event_id
WHEN NOT MATCHED THEN INSERT BY NAME;

-- name: fold_ties
INSERT INTO ties
SELECT DISTINCT anonymous, actor
FROM events e
WHERE landing > ? AND anonymous IS NOT NULL AND actor IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM ties t WHERE t.anonymous = e.anonymous AND t.actor = e.actor);

-- name: mark_folded
UPDATE progress SET folded = landing;

-- name: clear_published
DELETE FROM published;

-- name: set_published
INSERT INTO published
SELECT ?, count(*), (SELECT count(*) FROM rejects), max(received_at), max(landed_at),
    (SELECT landing FROM progress)
FROM events;
