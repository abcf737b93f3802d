-- What goes wrong, and where it was heard: to see whether a problem that was fixed is back.

-- name: ranked
SELECT * FROM what_goes_wrong;

-- name: heard
-- When each problem was last heard of answers of each prompt version and release.
WITH said AS (
    SELECT CASE kind WHEN 'judgement' THEN 'judge' ELSE kind END AS source, occurred_at, interaction_id,
        CASE WHEN kind = 'judgement' THEN [value] WHEN len(reasons) > 0 THEN list_distinct(reasons)
            ELSE ['(no reason given)'] END AS reasons
    FROM verdict_state
    WHERE wins AND NOT retracted AND scope = 'target'
      AND ((kind = 'thumb' AND value = 'down') OR (kind = 'suggestion' AND value IN ('rejected', 'undone'))
        OR kind = 'judgement')
    UNION ALL
    SELECT 'comment', occurred_at, interaction_id, [category]
    FROM remark_state
    WHERE counts AND text IS NOT NULL AND category IS NOT NULL
)
SELECT s.source, s.what, i.prompt_name, i.prompt_version, i.release, max(s.occurred_at) AS last_at
FROM (SELECT * EXCLUDE reasons, unnest(reasons) AS what FROM said) s
JOIN events i ON i.event_id = s.interaction_id
GROUP BY ALL;

-- name: seen
-- When each prompt version and each release first answered.
SELECT prompt_name, prompt_version, NULL AS release, min(occurred_at) AS first_at
FROM events
WHERE kind = 'interaction' AND prompt_version IS NOT NULL
GROUP BY ALL
UNION ALL
SELECT NULL, NULL, release, min(occurred_at)
FROM events
WHERE kind = 'interaction' AND release IS NOT NULL
GROUP BY ALL
ORDER BY first_at DESC;

-- name: theme_heard
-- When comments of a theme were last written about answers of each prompt version and release.
SELECT i.prompt_name, i.prompt_version, i.release, max(r.occurred_at) AS last_at
FROM remark_state r
JOIN events i ON i.event_id = r.interaction_id
WHERE r.counts AND r.text IS NOT NULL AND r.event_id IN (SELECT unnest($ids::UUID[]))
GROUP BY ALL;

-- name: examples
-- The newest answers that a problem was said of.
WITH said AS (
    SELECT CASE kind WHEN 'judgement' THEN 'judge' ELSE kind END AS source, occurred_at, event_id, target, interaction_id,
        comment AS text,
        CASE WHEN kind = 'judgement' THEN [value] WHEN len(reasons) > 0 THEN list_distinct(reasons)
            ELSE ['(no reason given)'] END AS reasons
    FROM verdict_state
    WHERE wins AND NOT retracted
      AND ((kind = 'thumb' AND value = 'down') OR (kind = 'suggestion' AND value IN ('rejected', 'undone'))
        OR kind = 'judgement')
    UNION ALL
    SELECT 'comment', occurred_at, event_id, target, interaction_id, text, [category]
    FROM remark_state
    WHERE counts AND text IS NOT NULL AND category IS NOT NULL
), newest AS (
    SELECT event_id, target, occurred_at, text, interaction_id
    FROM said
    WHERE source = $source AND list_contains(reasons, $what)
    ORDER BY occurred_at DESC, event_id
    LIMIT 5
)
SELECT n.event_id, n.target, n.occurred_at, n.text, i.input, i.input_messages, i.output, i.prompt_name,
    i.prompt_version, i.model, i.release, i.latency_ms, i.contexts
FROM newest n
LEFT JOIN events i ON i.event_id = n.interaction_id
ORDER BY n.occurred_at DESC, n.event_id;

-- name: theme_examples
-- The newest answers that comments of a theme are about.
SELECT n.event_id, n.target, n.occurred_at, n.text, i.input, i.input_messages, i.output, i.prompt_name,
    i.prompt_version, i.model, i.release, i.latency_ms, i.contexts
FROM (
    SELECT event_id, target, occurred_at, text, interaction_id
    FROM remark_state
    WHERE counts AND text IS NOT NULL AND event_id IN (SELECT unnest($ids::UUID[]))
    ORDER BY occurred_at DESC, event_id
    LIMIT 5
) n
LEFT JOIN events i ON i.event_id = n.interaction_id
ORDER BY n.occurred_at DESC, n.event_id;
