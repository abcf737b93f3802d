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

-- name: feedback
-- How much feedback of people there is that came before `until`, and how much of it came after `since`; one row.
SELECT count(*) AS feedback, count(*) FILTER (received_at > $since) AS feedback_last_day
FROM events
WHERE kind IN ('thumb', 'detail', 'suggestion', 'comment', 'rating', 'preference', 'annotation')
  AND received_at <= $until;

-- name: orphans
-- How much of that has no interaction with its target. What is about a whole session is none; one row.
-- Counted apart: as one statement over a CTE it takes three times as long, for it keeps the targets of all feedback.
WITH alone AS (
    SELECT target, received_at
    FROM events e
    WHERE kind IN ('thumb', 'detail', 'suggestion', 'comment', 'rating', 'preference', 'annotation')
      AND received_at <= $until
      AND NOT EXISTS (FROM interaction_state i WHERE i.target = e.target)
)
SELECT count(*) AS orphans, count(*) FILTER (received_at > $since) AS orphans_last_day
FROM alone
ANTI JOIN (SELECT session FROM events WHERE kind = 'interaction' AND session IS NOT NULL) s ON s.session = alone.target;
