-- What was said in a week: $monday is its first day, UTC.

-- name: liked
-- Thumbs of the week and of the one before, and the difference of the two rates with its interval.
WITH weeks AS (
    SELECT value::DATE AS week, thumbs, people, up_rate, up_low, up_high
    FROM thumbs_by(date_trunc('week', occurred_at))
    WHERE name = '' AND thumbs > 0
)
SELECT w.*, b.up_rate AS before_rate,
    difference_low(w.up_rate, w.up_low, w.up_high, b.up_rate, b.up_low, b.up_high) AS change_low,
    difference_high(w.up_rate, w.up_low, w.up_high, b.up_rate, b.up_low, b.up_high) AS change_high
FROM weeks w
LEFT JOIN weeks b ON b.week = w.week - 7
WHERE w.week = $monday

-- name: comments
SELECT count(*) AS comments, count(DISTINCT who) AS people
FROM comments
WHERE occurred_at >= $monday AND occurred_at < $monday::DATE + 7

-- name: reasons
-- What most people picked who did not like an answer.
SELECT reason, count(DISTINCT who) AS people
FROM (
    SELECT who, unnest(reasons) AS reason
    FROM feedback
    WHERE kind = 'thumb' AND value = 'down' AND occurred_at >= $monday AND occurred_at < $monday::DATE + 7
)
GROUP BY reason
ORDER BY people DESC, reason
LIMIT 3
