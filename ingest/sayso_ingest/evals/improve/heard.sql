-- What people said in production, for those who look for what is near a case.

-- name: answers
-- The newest answers of which people said something, with what they were asked. $1: how many.
WITH said AS (
    SELECT DISTINCT target FROM feedback WHERE scope = 'target' AND NOT retracted AND kind <> 'judgement'
),
newest AS (
    SELECT event_id
    FROM interactions
    JOIN said USING (target)
    WHERE input IS NOT NULL AND trim(input) <> ''
    ORDER BY occurred_at DESC, target
    LIMIT ?
)
SELECT target, occurred_at, input, input_messages, output, prompt_name, prompt_version
FROM interactions
JOIN newest USING (event_id)
ORDER BY occurred_at DESC, target;

-- name: remarks
-- What people wrote about these answers, the newest first. $1: targets.
SELECT target, text
FROM comments
WHERE target IN (SELECT unnest(?::VARCHAR[])) AND trim(text) <> ''
ORDER BY target, occurred_at DESC, event_id;
