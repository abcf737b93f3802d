-- name: acts
-- What people did with single answers without saying a word, and how these turned out later, as it stands now. An outcome
-- that is a number says neither yes nor no, and is left out.
-- $1: targets.
WITH told AS (
    SELECT target, name, 'true' AS value, event_id, occurred_at
    FROM reports_that_stand('signal')
    UNION ALL
    SELECT target, name, unnest(arg_max({'value': value, 'event_id': event_id, 'occurred_at': occurred_at},
        row(occurred_at, seq, event_id)))
    FROM reports_that_stand('outcome')
    WHERE score IS NULL
    GROUP BY target, name, person
)
SELECT target,
    CASE value WHEN 'true' THEN name WHEN 'false' THEN 'no ' || name ELSE name || ' ' || value END AS act,
    list(event_id::VARCHAR ORDER BY occurred_at, event_id) AS event_ids
FROM told
WHERE target IN (SELECT unnest($1::VARCHAR[])) AND length(act) <= 60
GROUP BY target, act
ORDER BY target, act
