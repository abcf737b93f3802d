-- name: corrections
-- What comes before the other two: what people said of answers, and what they say an answer should have been. The columns are
-- those of every source: `missing` names the side that is the interaction's own output where the row does not say it.
-- $1: only what was sent with a secret key or a token.
WITH verdict AS (
    SELECT target, part, CASE kind WHEN 'judgement' THEN 'judge:' || lower(trim(substr(person, 7))) ELSE person END AS person,
        kind, name, rubric, value, score, event_id, occurred_at
    FROM verdict_state
    WHERE wins AND NOT retracted AND (verified OR NOT $1)
),
corrections AS (
    SELECT 'correction' AS source, target, part, person AS who, [event_id] AS event_ids, NULL::VARCHAR AS chosen,
        NULL::VARCHAR AS rejected, 'rejected' AS missing, NULL::VARCHAR AS other, md5_number(expected) AS tie
    FROM (
        SELECT v.target, v.part, v.person, v.event_id, e.expected
        FROM verdict v
        JOIN events e ON e.event_id = v.event_id AND e.kind = 'annotation'
        WHERE v.kind = 'annotation'
        UNION ALL
        SELECT r.target, r.part, r.person, r.event_id, r.expected
        FROM remark_state r
        JOIN events e ON e.event_id = r.event_id AND e.kind = 'comment'
        WHERE r.kind = 'comment' AND r.counts AND (e.verified OR NOT $1)
    )
    WHERE trim(expected) <> ''
),
