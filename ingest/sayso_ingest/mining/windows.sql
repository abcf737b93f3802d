-- name: windows
-- Two windows of traffic that follow each other, the later one up to the newest interaction by a time: a random sample of each.
-- $1: that time; $2: days of the later window; $3: days of the one before; $4: which sample (a seed); $5: how many of each.
-- The sample is by hash, so the same seed draws the same one, and found first, without its texts. `total` is what its
-- window has in all.
WITH newest AS (
    SELECT max(occurred_at) AS until FROM interactions WHERE input IS NOT NULL AND occurred_at <= $1
),
windows AS (
    SELECT event_id, target, until, occurred_at > until - to_days($2::INTEGER) AS present
    FROM interactions, newest
    WHERE occurred_at <= until AND occurred_at > until - to_days($2::INTEGER + $3::INTEGER)
        AND input IS NOT NULL AND trim(input) <> ''
),
chosen AS (
    SELECT event_id, until, present, count(*) OVER (PARTITION BY present) AS total
    FROM windows
    QUALIFY row_number() OVER (PARTITION BY present ORDER BY md5(target || ':' || $4::VARCHAR), target) <= $5
)
SELECT target, who, occurred_at, input, tags, until, present, total
FROM interactions
JOIN chosen USING (event_id)
ORDER BY target
