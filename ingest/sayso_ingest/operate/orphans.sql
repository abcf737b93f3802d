-- Feedback, and how much of it found no interaction: what `sayso status` and `sayso doctor` both tell.

-- name: feedback
-- How much feedback of people came after `since` and up to `until`, and is not older than that: an import is; one row.
SELECT count(*) AS n FROM events WHERE is_feedback(kind) AND received_at > $since AND occurred_at > $since AND received_at <= $until;

-- name: orphans
-- How much of that has no interaction with its target. What is about a whole session is none; one row.
-- Counted apart: as one statement over a CTE it takes three times as long, for it keeps the targets of all feedback.
WITH alone AS (
    SELECT target
    FROM events e
    WHERE is_feedback(kind) AND received_at > $since AND occurred_at > $since AND received_at <= $until
      AND NOT EXISTS (FROM interaction_state i WHERE i.target = e.target)
)
SELECT count(*) AS n
FROM alone
ANTI JOIN (SELECT session FROM events WHERE kind = 'interaction' AND session IS NOT NULL) s ON s.session = alone.target;
