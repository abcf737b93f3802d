-- A warehouse of questions from the table `asked`, which has a row for each: its number, topic, input, output, thumb and edited output.

-- name: interactions
-- A minute lies between ten questions; a person asks five of them.
INSERT INTO events BY NAME
SELECT printf('%08x-%04x-7000-8000-%012x', number >> 16, number & 65535, number)::UUID AS event_id, 'interaction' AS kind,
    'm_' || number AS target, moment AS occurred_at, moment AS occurred_at_sent, moment AS received_at, moment AS sent_at, moment AS landed_at,
    $landing AS landing, number AS seq, 'u_' || number // 5 AS actor, 'actor:u_' || number // 5 AS who, true AS verified,
    'key_1' AS key_id, 'sk' AS key_kind, hash(number) AS content_hash, input, output, 'helpdesk' AS prompt_name,
    'v1' AS prompt_version, [topic] AS tags
FROM (SELECT *, TIMESTAMP '2026-01-01' + to_seconds(number * 6) AS moment FROM asked);

-- name: thumbs
INSERT INTO events BY NAME
SELECT printf('%08x-%04x-7000-9000-%012x', number >> 16, number & 65535, number)::UUID AS event_id, 'thumb' AS kind,
    'm_' || number AS target, moment AS occurred_at, moment AS occurred_at_sent, moment AS received_at, moment AS sent_at, moment AS landed_at,
    $landing AS landing, number AS seq, 'u_' || number // 5 AS actor, 'actor:u_' || number // 5 AS who, true AS verified,
    'key_1' AS key_id, 'sk' AS key_kind, hash(-number) AS content_hash, value
FROM (SELECT *, TIMESTAMP '2026-01-01' + to_seconds(number * 6 + 30) AS moment FROM asked)
WHERE value IS NOT NULL;

-- name: edits
INSERT INTO events BY NAME
SELECT printf('%08x-%04x-7000-a000-%012x', number >> 16, number & 65535, number)::UUID AS event_id, 'suggestion' AS kind,
    'm_' || number AS target, moment AS occurred_at, moment AS occurred_at_sent, moment AS received_at, moment AS sent_at, moment AS landed_at,
    $landing AS landing, number AS seq, 'u_' || number // 5 AS actor, 'actor:u_' || number // 5 AS who, true AS verified,
    'key_1' AS key_id, 'sk' AS key_kind, hash(number, 'edit') AS content_hash, 'edited' AS outcome, 'edited' AS value,
    output AS proposed, final
FROM (SELECT *, TIMESTAMP '2026-01-01' + to_seconds(number * 6 + 40) AS moment FROM asked)
WHERE final IS NOT NULL;

-- name: landed
UPDATE progress SET landing = $landing;
