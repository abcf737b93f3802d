-- What was said of one answer, down to the single click.

-- name: said
-- Every event about a target but the interaction itself and exposures, oldest first. What was taken back keeps its
-- place and loses its words.
WITH said AS (
    SELECT e.*, EXISTS (
        FROM retraction_state r WHERE r."of" = e.event_id AND (r.by_backend OR r.who = e.who)) AS taken_back
    FROM events e
    WHERE e.target = $target AND e.kind NOT IN ('interaction', 'exposure', 'retraction')
)
SELECT event_id::VARCHAR AS event_id, occurred_at, kind, part, coalesce(judge, who) AS who, name, rubric, taken_back,
    CASE WHEN NOT taken_back AND kind <> 'comment' THEN coalesce(value, outcome, label, chosen) END AS value,
    CASE WHEN NOT taken_back THEN score END AS score,
    CASE WHEN NOT taken_back THEN coalesce(text, comment, note, rationale) END AS words,
    CASE WHEN NOT taken_back THEN coalesce(expected, final) END AS expected,
    CASE WHEN NOT taken_back THEN reasons END AS reasons
FROM said
ORDER BY occurred_at, seq NULLS FIRST, event_id
LIMIT 200;

-- name: interaction
-- One answer, with what it was asked.
SELECT * FROM interactions WHERE target = $target;

-- name: asked
-- What was asked in these answers.
SELECT target, input, output FROM interactions WHERE target IN (SELECT unnest($targets::VARCHAR[]));
