-- What the answers were about that people complain of. $1: targets.
SELECT target, input, input_messages
FROM interactions
WHERE target IN (SELECT unnest(?::VARCHAR[])) AND input IS NOT NULL AND trim(input) <> ''
ORDER BY target
