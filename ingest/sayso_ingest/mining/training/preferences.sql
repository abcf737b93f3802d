-- name: preferences
-- One answer rather than another to the same prompt, a row for each person who says so, in which way, and by which events.
-- `other` is an interaction whose output is the rejected one. What an event says comes later, from `said`: a million texts
-- sort slowly, and need memory.
-- What was asked, in a form in which the same prompt is the same text: case, space and marks at the edges of words folded.
prompt AS (
    SELECT target, occurred_at, who, coalesce(session, who) AS visit,
        md5_number(trim(regexp_replace(regexp_replace(regexp_replace(lower(coalesce(input_messages::VARCHAR, input)),
            '[.,;:!?¿¡…。、''"]+(\s|$)', ' ', 'g'), '(^|\s)[.,;:!?¿¡…。、''"]+', ' ', 'g'), '\s+', ' ', 'g'))) AS asked
    FROM interactions
    WHERE coalesce(input, '') <> '' AND coalesce(output, '') <> ''
),
edits AS (
    SELECT 'edit' AS source, v.target, v.part, v.person AS who, [v.event_id] AS event_ids, NULL::VARCHAR AS chosen,
        NULL::VARCHAR AS rejected, 'rejected' AS missing, NULL::VARCHAR AS other, md5_number(concat(e.final, e.proposed)) AS tie
    FROM verdict v
    JOIN events e ON e.event_id = v.event_id AND e.kind = 'suggestion'
    WHERE v.kind = 'suggestion' AND v.value = 'edited'
),
-- Of messages the answer is the last one, where the model said it in words. Of two with one id the first is meant.
candidate AS (
    SELECT target, id, score, place, CASE json_type(output) WHEN 'VARCHAR' THEN output ->> '$'
        WHEN 'ARRAY' THEN CASE WHEN coalesce(output ->> '$[#-1].role', 'assistant') = 'assistant'
            AND json_type(output, '$[#-1].content') = 'VARCHAR' THEN output ->> '$[#-1].content' END END AS output
    FROM (
        SELECT target, each ->> 'id' AS id, each -> 'output' AS output, (each ->> 'score')::DOUBLE AS score, place
        FROM (
            SELECT target, unnest(json_extract(candidates, '$[*]')) AS each,
                generate_subscripts(json_extract(candidates, '$[*]'), 1) AS place
            FROM interactions
            WHERE candidates IS NOT NULL AND json_array_length(candidates) > 1
        )
    )
    QUALIFY row_number() OVER (PARTITION BY target, id ORDER BY place) = 1
),
-- Who chose which of them, and before which others, where that is said.
choice AS (
    SELECT 'choice' AS source, v.target, v.part, v.person AS who, v.event_id, v.value AS chosen_id, e.rejected
    FROM verdict v
    JOIN events e ON e.event_id = v.event_id AND e.kind = 'preference'
    WHERE v.kind = 'preference'
    UNION ALL
    -- A judge says which of them it compared; in judgements that others sent there may be anything.
    SELECT v.kind, v.target, v.part, v.person, v.event_id, v.value, TRY_CAST(e.meta -> 'compared' AS VARCHAR[])
    FROM verdict v
    LEFT JOIN events e ON e.event_id = v.event_id AND e.kind = 'judgement'
    WHERE v.kind IN ('annotation', 'judgement') AND v.name = 'preference' AND lower(trim(v.value)) <> 'tie'
    UNION ALL
    SELECT CASE WHEN by_person THEN 'choice' ELSE 'judgement' END, target, '',
        CASE WHEN by_person THEN who ELSE 'judge:' || lower(trim(chosen_by)) END, event_id, chosen_id, NULL
    FROM (
        SELECT *, lower(trim(chosen_by)) IN ('user', 'person', 'human', 'customer', 'agent', 'annotator') AS by_person
        FROM interactions
        -- Nobody's opinion is what comes by lot, by rule or first.
        WHERE chosen_id IS NOT NULL AND (NOT $1 OR event_id IN (SELECT event_id FROM events WHERE kind = 'interaction' AND verified))
            AND lower(trim(chosen_by)) NOT IN
            ('', 'random', 'lot', 'chance', 'router', 'rule', 'rules', 'policy', 'default', 'first', 'system')
    )
),
choices AS (
    SELECT c.source, c.target, c.part, c.who, [c.event_id], best.output, other.output, '', NULL, md5_number(concat(best.output, other.output))
    FROM choice c
    -- LEFT, so that a choice among candidates that are not known is counted.
    LEFT JOIN candidate best ON best.target = c.target AND best.id = c.chosen_id
    LEFT JOIN candidate other ON other.target = c.target AND other.id <> best.id
        AND (coalesce(len(c.rejected), 0) = 0 OR list_contains(c.rejected, other.id))
    -- Three at most: the best of the others teach most, and one choice among twenty is one opinion.
    QUALIFY row_number() OVER (
        PARTITION BY c.source, c.target, c.part, c.who ORDER BY other.score DESC NULLS LAST, other.place, c.event_id) <= 3
),
opinion AS (
    SELECT v.target, v.person, v.kind, v.event_id, CASE v.kind
        WHEN 'thumb' THEN v.value = 'up'
        WHEN 'suggestion' THEN CASE v.value WHEN 'accepted' THEN true WHEN 'rejected' THEN false END
        ELSE sounds_good(v.value, v.score, rubric := v.rubric) END AS good
    FROM verdict v
    WHERE v.part = '' AND v.name = '' AND v.kind IN ('thumb', 'suggestion', 'annotation', 'judgement')
),
-- Asked again in the same visit, and only then was the answer liked, by whoever asked again: the asker, unless it is said.
liked AS (
    SELECT p.visit, p.asked, p.occurred_at, o.person,
        unnest(arg_min({'target': p.target, 'event_id': o.event_id}, row(p.target, o.kind, o.event_id)))
    FROM opinion o
    JOIN prompt p ON p.target = o.target
    WHERE o.good AND o.kind IN ('thumb', 'suggestion')
    GROUP BY p.visit, p.asked, p.occurred_at, o.person
),
asked_again AS (
    SELECT p.target, p.visit, p.asked, p.occurred_at, min(s.event_id) AS event_id,
        CASE WHEN starts_with(s.person, 'actor:') OR starts_with(s.person, 'anonymous:') THEN s.person ELSE p.who END AS person
    FROM reports_that_stand('signal') s
    JOIN events e ON e.event_id = s.event_id AND e.kind = 'signal'
    JOIN prompt p ON p.target = s.target
    WHERE s.name = 'regenerated' AND (e.verified OR NOT $1)
    GROUP BY ALL
),
-- ASOF: in a visit in which it is asked a thousand times there are half a million pairs of an earlier and a later one.
regenerated AS (
    SELECT 'regenerated', later.target, '', later.person, [first.event_id, later.event_id], NULL, NULL, 'chosen',
        first.target, 0::UHUGEINT
    FROM asked_again first
    ASOF JOIN liked later ON later.visit = first.visit AND later.asked = first.asked AND later.person = first.person
        AND first.occurred_at < later.occurred_at
),
-- The same prompt, answered twice: one answer was liked, the other was not. By whom makes the source.
judged AS (
    SELECT CASE kind WHEN 'annotation' THEN 'annotation' WHEN 'judgement' THEN 'judgement' ELSE 'same_question' END AS source,
        target, bool_or(good) AS good, bool_and(good) = bool_or(good) AS one_sided, count(DISTINCT person) AS people
    FROM opinion
    WHERE good IS NOT NULL
    GROUP BY 1, target
),
-- Three of each: of a question that is asked ten thousand times there are fifty million pairs.
few AS (
    SELECT j.source, p.asked, j.target, j.good
    FROM judged j
    JOIN prompt p ON p.target = j.target
    WHERE j.one_sided
    QUALIFY row_number() OVER (PARTITION BY j.source, p.asked, j.good ORDER BY j.people DESC, j.target) <= 3
),
matched AS (
    SELECT up.source, up.target, down.target AS other
    FROM few up
    JOIN few down ON down.source = up.source AND down.asked = up.asked AND up.good AND NOT down.good
),
said AS (
    SELECT CASE kind WHEN 'annotation' THEN 'annotation' WHEN 'judgement' THEN 'judgement' ELSE 'same_question' END AS source,
        target, list(person ORDER BY person, event_id) AS who, list(event_id ORDER BY person, event_id) AS event_ids
    FROM opinion
    WHERE good IS NOT NULL AND target IN (SELECT target FROM matched UNION ALL SELECT other FROM matched)
    GROUP BY 1, target
),
same_question AS (
    SELECT m.source, m.target, '', up.who, list_concat(up.event_ids, down.event_ids), NULL, NULL, 'chosen', m.other, 0::UHUGEINT,
        down.who
    FROM matched m
    JOIN said up ON up.source = m.source AND up.target = m.target
    JOIN said down ON down.source = m.source AND down.target = m.other
),
every AS (
    SELECT * REPLACE ([who] AS who), NULL::VARCHAR[] AS who_against
    FROM (FROM corrections UNION ALL FROM edits UNION ALL FROM choices UNION ALL FROM regenerated)
    UNION ALL FROM same_question
)
