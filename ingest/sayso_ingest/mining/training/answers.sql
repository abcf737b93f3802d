-- name: answers
-- An answer that is good (chosen) or bad (rejected), a row for each person who says so.
-- Not what is said of one aspect by name, such as a thumb for the tone.
overall AS (
    FROM verdict
    WHERE name = '' OR kind = 'suggestion'
),
-- Thumbs, and ratings in the highest or the lowest quarter of their range; one that has no range says neither.
clicked AS (
    SELECT target, part, person, event_id, good
    FROM (
        SELECT v.target, v.part, v.person, v.event_id, CASE v.kind WHEN 'thumb' THEN v.value = 'up'
            ELSE CASE WHEN v.score >= e.max - (e.max - e.min) / 4 THEN true
                WHEN v.score <= e.min + (e.max - e.min) / 4 THEN false END END AS good
        FROM overall v
        LEFT JOIN events e ON e.event_id = v.event_id AND v.kind = 'rating' AND e.kind = 'rating' AND e.max > e.min
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
    FROM overall v
    JOIN events e ON e.event_id = v.event_id AND e.kind = 'suggestion'
    WHERE v.kind = 'suggestion' AND v.value IN ('edited', 'accepted', 'rejected')
),
labels AS (
    SELECT kind, target, part, person, [event_id], NULL, NULL,
        CASE WHEN sounds_good(value, score, rubric := rubric) THEN 'chosen' ELSE 'rejected' END, NULL, 0::UHUGEINT
    FROM overall
    WHERE kind IN ('annotation', 'judgement') AND sounds_good(value, score, rubric := rubric) IS NOT NULL
),
every AS (
    SELECT * REPLACE ([who] AS who), NULL::VARCHAR[] AS who_against
    FROM (FROM corrections UNION ALL FROM thumbs UNION ALL FROM suggestions UNION ALL FROM labels)
)
