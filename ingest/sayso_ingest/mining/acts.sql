-- name: acts
-- What people did with single answers without saying a word, and how these turned out later, as it stands now. An outcome
-- that is a number says neither yes nor no, and is left out.
-- $1: targets.
WITH told AS (
    SELECT target, name, 'true' AS value
    FROM reports_that_stand('signal')
    UNION
    SELECT target, name, arg_max(value, row(occurred_at, seq, event_id)) AS value
    FROM reports_that_stand('outcome')
    WHERE score IS NULL
    GROUP BY target, name, person
)
SELECT DISTINCT target,
    CASE value WHEN 'true' THEN name WHEN 'false' THEN 'no ' || name ELSE name || ' ' || value END AS act
FROM told
WHERE target IN (SELECT unnest($1::VARCHAR[])) AND length(act) <= 60
ORDER BY target, act
