-- name: interactions
-- Traffic to mine: a random sample of it, and what has feedback, newest first.
-- $1: which sample (a seed); $2: how many of it; $3: how many with feedback. The sample is by hash, so the same seed
-- draws the same one. Which ones is found first, without their texts: that bounds the memory it takes.
WITH judged AS (
    SELECT DISTINCT target FROM feedback WHERE scope = 'target' AND NOT retracted
),
traffic AS (
    SELECT i.event_id, i.target, i.occurred_at, j.target IS NOT NULL AS judged,
        row_number() OVER (ORDER BY md5(i.target || ':' || $1::VARCHAR), i.target) <= $2 AS sampled
    FROM interactions i
    LEFT JOIN judged j ON j.target = i.target
    WHERE i.input IS NOT NULL AND trim(i.input) <> ''
),
chosen AS (
    SELECT event_id, sampled
    FROM traffic
    QUALIFY sampled OR (judged AND row_number() OVER (PARTITION BY judged ORDER BY occurred_at DESC, target) <= $3)
)
SELECT event_id, target, occurred_at, who, input, input_messages, variables, output,
    prompt_name, prompt_version, model, tags, sampled
FROM interactions
JOIN chosen USING (event_id)
-- Never by event id: the same facts sent again have other ids, and are mined the same.
ORDER BY target
