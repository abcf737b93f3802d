-- name: comments
-- The newest comments, with what the same person's click says: the one they explain, else their thumb on the same thing.
SELECT c.event_id, c.who, c.target, c.text, c.occurred_at, coalesce(c.value, t.value) AS value,
    c.prompt_name, c.prompt_version
FROM comments c
LEFT JOIN verdicts t ON c.kind = 'comment' AND t.kind = 'thumb' AND t.name = '' AND t.target = c.target
    AND t.part = c.part AND t.who = c.who
WHERE trim(c.text) <> ''
ORDER BY c.occurred_at DESC, c.event_id
LIMIT ?
