-- name: answers
-- An answer that is good (chosen) or bad (rejected), a row for each person who says so.
-- `missing` names the side that is the interaction's own output where the event does not say it, in `said`.
-- $1: only what was sent with a secret key or a token.
WITH verdict AS (
    SELECT v.target, v.part, v.person, v.kind, v.value, v.score, v.event_id
    FROM verdict_state v
    WHERE v.wins AND NOT v.retracted AND (v.verified OR NOT $1)
        AND (v.name = '' OR v.kind = 'suggestion')
),
-- Thumbs, and ratings in the highest or the lowest quarter of their range.
clicked AS (
    SELECT target, part, person, event_id, good
    FROM (
        SELECT v.target, v.part, v.person, v.event_id, CASE v.kind WHEN 'thumb' THEN v.value = 'up'
            ELSE CASE WHEN v.score >= e.max - (e.max - e.min) / 4 THEN true
                WHEN v.score <= e.min + (e.max - e.min) / 4 THEN false END END AS good
        FROM verdict v
        LEFT JOIN events e ON e.event_id = v.event_id AND v.kind = 'rating' AND e.kind = 'rating'
        WHERE v.kind IN ('thumb', 'rating') AND v.value IS NOT NULL
    )
    WHERE good IS NOT NULL
),
thumbs AS (
    SELECT CASE WHEN good THEN 'liked' ELSE 'disliked' END AS source, target, part, person AS who,
        [event_id] AS event_ids, NULL::VARCHAR AS chosen, NULL::VARCHAR AS rejected,
        CASE WHEN good THEN 'chosen' ELSE 'rejected' END AS missing, NULL::VARCHAR AS other, 0::UHUGEINT AS tie
    FROM clicked
),
suggestions AS (
    SELECT CASE v.value WHEN 'edited' THEN 'edit' ELSE v.value END, v.target, v.part, v.person, [v.event_id], NULL, NULL,
        CASE v.value WHEN 'rejected' THEN 'rejected' WHEN 'accepted' THEN 'chosen' ELSE '' END, NULL,
        md5_number(concat(e.final, e.proposed))
    FROM verdict v
    JOIN events e ON e.event_id = v.event_id AND e.kind = 'suggestion'
    WHERE v.kind = 'suggestion' AND v.value IN ('edited', 'accepted', 'rejected')
),
corrections AS (
    SELECT 'correction', v.target, v.part, v.person, [v.event_id], NULL, NULL, '', NULL, md5_number(e.expected)
    FROM verdict v
    JOIN events e ON e.event_id = v.event_id AND e.kind = 'annotation'
    WHERE v.kind = 'annotation' AND e.expected IS NOT NULL
    UNION ALL
    SELECT 'correction', r.target, r.part, r.person, [r.event_id], NULL, NULL, '', NULL, md5_number(r.expected)
    FROM remark_state r
    JOIN events e ON e.event_id = r.event_id AND e.kind = 'comment'
    WHERE r.kind = 'comment' AND r.counts AND r.expected IS NOT NULL AND (e.verified OR NOT $1)
),
labels AS (
    SELECT kind, target, part, person, [event_id], NULL, NULL,
        CASE WHEN sounds_good(value, score) THEN 'chosen' ELSE 'rejected' END, NULL, 0::UHUGEINT
    FROM verdict
    WHERE kind IN ('annotation', 'judgement') AND sounds_good(value, score) IS NOT NULL
),
every AS (
    FROM thumbs
    UNION ALL FROM suggestions
    UNION ALL FROM corrections
    UNION ALL FROM labels
)
