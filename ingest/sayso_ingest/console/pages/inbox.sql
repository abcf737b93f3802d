-- What people wrote and what they disliked, newest first. The state tables are asked, not the views `comments` and
-- `feedback`: these join every row with its interaction, and a page needs that of a few.

-- name: items
-- What came in before a time and id. A dislike with a comment is one item: its comment.
WITH said AS (
    SELECT event_id, occurred_at, kind, value, person AS who, target, part, text, category, expected, reasons,
        interaction_id, prompt_name, prompt_version, model
    FROM remark_state
    WHERE counts AND text IS NOT NULL
    UNION ALL
    SELECT event_id, occurred_at, kind, value, person, target, part, NULL, NULL, NULL, reasons,
        interaction_id, prompt_name, prompt_version, model
    FROM verdict_state
    WHERE wins AND NOT retracted AND comment IS NULL
      AND ((kind = 'thumb' AND value = 'down') OR (kind = 'suggestion' AND value IN ('rejected', 'undone')))
)
SELECT *
FROM said
WHERE ($kind = '' OR kind = $kind OR ($kind = 'comments' AND text IS NOT NULL)
    OR ($kind = 'dislikes' AND value IN ('down', 'rejected', 'undone')))
  AND ($prompt = '' OR concat_ws(' ', prompt_name, prompt_version) = $prompt)
  AND ($reason = '' OR list_contains(reasons, $reason) OR category = $reason
    OR ($reason = '(no reason given)' AND coalesce(len(reasons), 0) = 0 AND value IS NOT NULL))
  AND ($text = '' OR contains(lower(text), lower($text)) OR contains(lower(expected), lower($text)))
  AND ($target = '' OR target = $target)
  AND ($theme::UUID[] IS NULL OR event_id IN (SELECT unnest($theme::UUID[])))
  AND ($before_at::TIMESTAMP IS NULL OR (occurred_at, event_id) < ($before_at::TIMESTAMP, $before_id::UUID))
  AND ($after::TIMESTAMP IS NULL OR occurred_at > $after::TIMESTAMP)
  AND event_id NOT IN (SELECT unnest($read::UUID[]))
ORDER BY occurred_at DESC, event_id DESC;

-- name: interactions
-- What these answers were: the question, the answer, and what else is known.
SELECT event_id, target, occurred_at, input, input_messages, output, output_messages, variables, prompt_name,
    prompt_version, model, params, latency_ms, cost, contexts, tags, release, session
FROM events
WHERE event_id IN (SELECT unnest($ids::UUID[]));

-- name: suggestions
-- What was suggested and what became of it, of these events.
SELECT event_id, original, proposed, final
FROM events
WHERE event_id IN (SELECT unnest($ids::UUID[]));

-- name: annotations
-- What annotators say of these targets now, by this rubric.
SELECT target, part, who, value AS label
FROM verdicts
WHERE kind = 'annotation' AND rubric = $rubric AND value IS NOT NULL
  AND target IN (SELECT unnest($targets::VARCHAR[]))
ORDER BY occurred_at, event_id;

-- name: prompts
-- Prompts with their versions, the newest first, to choose from.
SELECT concat_ws(' ', prompt_name, prompt_version) AS prompt
FROM verdict_state
WHERE wins AND prompt_version IS NOT NULL
GROUP BY ALL
ORDER BY max(occurred_at) DESC, prompt
LIMIT 100;

-- name: reasons
-- Reasons and categories, the most frequent first, to choose from.
WITH given AS (
    SELECT unnest(reasons) AS reason FROM verdict_state WHERE wins AND NOT retracted
    UNION ALL
    SELECT category FROM remark_state WHERE counts AND category IS NOT NULL
)
SELECT reason
FROM given
GROUP BY ALL
ORDER BY count(*) DESC, reason
LIMIT 100;
