-- name: worst
-- about: Which answers were disliked by the most people, and why? The 200 worst
-- columns:
--   target: the answer
--   people: people who spoke against it: a thumb down, a suggestion rejected or undone
--   down: thumbs down
--   up: thumbs up
--   rejected: suggestions of it that were rejected or undone
--   annotated_bad: annotators who say bad
--   judged_bad: judges that say bad
--   reasons: the reasons that were picked, commonest first
--   comments: what was written with them, newest first, at most five
--   last_at: when last spoken against, UTC
--   prompt_name: name of the prompt
--   prompt_version: version of the prompt
--   model: the model
--   input: what the model was asked
--   output: what it answered
WITH against AS (
    SELECT target, count(DISTINCT person) AS people, count(*) FILTER (kind = 'thumb') AS down,
        count(*) FILTER (kind = 'suggestion') AS rejected, max(occurred_at) AS last_at
    FROM verdict_state
    WHERE wins AND NOT retracted AND NOT is_eval(target) AND (
        (kind = 'thumb' AND value = 'down') OR (kind = 'suggestion' AND value IN ('rejected', 'undone')))
    GROUP BY target
    ORDER BY people DESC, last_at DESC, target
    LIMIT 200
), said AS (
    SELECT v.target, v.kind, v.value, v.score, v.rubric, v.reasons, v.comment, v.occurred_at, v.event_id,
        v.interaction_id, v.prompt_name, v.prompt_version, v.model
    FROM verdict_state v
    WHERE v.wins AND NOT v.retracted AND v.value IS NOT NULL AND v.target IN (SELECT target FROM against)
), summed AS (
    SELECT target, any_value(interaction_id) AS interaction_id, any_value(prompt_name) AS prompt_name,
        any_value(prompt_version) AS prompt_version, any_value(model) AS model,
        count(*) FILTER (kind = 'thumb' AND value = 'up') AS up,
        count(*) FILTER (kind = 'annotation' AND NOT sounds_good(value, score, rubric := rubric)) AS annotated_bad,
        count(*) FILTER (kind = 'judgement' AND NOT sounds_good(value, score, rubric := rubric)) AS judged_bad,
        list(coalesce(comment, CASE kind WHEN 'comment' THEN value END) ORDER BY occurred_at DESC, event_id)
            FILTER (coalesce(comment, CASE kind WHEN 'comment' THEN value END) IS NOT NULL)[:5] AS comments
    FROM said
    GROUP BY target
), picked AS (
    SELECT target, list(reason ORDER BY n DESC, reason) AS reasons
    FROM (SELECT target, reason, count(*) AS n FROM (SELECT target, unnest(reasons) AS reason FROM said) GROUP BY ALL)
    GROUP BY target
)
SELECT a.target, a.people, a.down, s.up, a.rejected, s.annotated_bad, s.judged_bad, p.reasons, s.comments, a.last_at,
    s.prompt_name, s.prompt_version, s.model, i.input, i.output
FROM against a
JOIN summed s ON s.target = a.target
LEFT JOIN picked p ON p.target = a.target
LEFT JOIN events i ON i.event_id = s.interaction_id
ORDER BY a.people DESC, a.last_at DESC, a.target
