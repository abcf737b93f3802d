-- What was erased, and must not be there.

-- name: known
SELECT event_id::VARCHAR FROM erased_ids;

-- name: sources_removed
SELECT source, next_offset FROM removed_sources;

-- name: back
-- Rejects have ids of their own, which an erasure remembers as well.
SELECT
  (SELECT count(*) FROM events SEMI JOIN erased_ids USING (event_id)),
  (SELECT count(*) FROM rejects SEMI JOIN erased_ids ON reject_id = erased_ids.event_id);
