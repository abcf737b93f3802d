-- Questions of `sayso verify`.

-- name: landing
SELECT landing FROM progress;

-- name: removed_sources
SELECT source, next_offset FROM removed_sources;

-- name: missing_events
-- What the lander itself refused is a reject with its id; a reject of the collector's, or of another event with the same
-- id, does not stand for it.
SELECT asked.id
FROM (SELECT unnest(?::UUID[]) AS id) asked
ANTI JOIN events ON events.event_id = asked.id
ANTI JOIN (SELECT TRY_CAST(event_id AS UUID) AS id FROM rejects WHERE reason = 'unstorable') refused ON refused.id = asked.id
ANTI JOIN erased_ids ON erased_ids.event_id = asked.id;

-- name: removed
SELECT what, max(before) FROM removals WHERE why = 'age' GROUP BY what;

-- name: missing_rejects
-- The same one that came again is kept once, so it is looked for by what it was; one without an id by its place.
SELECT asked.name
FROM (
    SELECT unnest(?::VARCHAR[]) AS name, unnest(?::UUID[]) AS reject_id, unnest(?::VARCHAR[]) AS event_id,
        unnest(?::VARCHAR[]) AS sha256
) asked
ANTI JOIN erased_ids ON erased_ids.event_id IN (asked.reject_id, TRY_CAST(asked.event_id AS UUID))
WHERE CASE WHEN event_id IS NULL THEN reject_id NOT IN (SELECT reject_id FROM rejects)
    ELSE sha256 NOT IN (SELECT sha256 FROM rejects WHERE sha256 IS NOT NULL) END;
