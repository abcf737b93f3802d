-- name: said
-- The answers that events name themselves: what a person made of one, took, turned down, or expected.
-- $1: the events.
SELECT event_id::VARCHAR AS event_id,
    CASE WHEN kind <> 'suggestion' THEN expected WHEN outcome = 'accepted' THEN coalesce(final, proposed)
        WHEN outcome = 'edited' THEN final END AS chosen,
    CASE WHEN outcome IN ('edited', 'rejected') THEN proposed END AS rejected
FROM events
WHERE event_id IN (SELECT unnest($1::UUID[])) AND kind IN ('suggestion', 'comment', 'annotation')
