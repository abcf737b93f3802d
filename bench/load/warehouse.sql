-- A big warehouse, made in SQL from a range of numbers: the same for the same number of events.

-- name: draw
-- A number drawn for a number, 0 or more.
CREATE OR REPLACE TEMP MACRO draw(i) AS (hash(i) >> 1)::BIGINT;

-- name: time_of
-- When event number i happened: 10 million events are 90 days.
CREATE OR REPLACE TEMP MACRO time_of(i) AS TIMESTAMP '2026-01-01' + to_microseconds(i * 777000);

-- name: id_of
CREATE OR REPLACE TEMP MACRO id_of(i) AS printf('%08x-%04x-7%03x-8000-%012x',
    epoch_ms(time_of(i)) >> 16, epoch_ms(time_of(i)) & 65535, i & 4095, i)::UUID;

-- name: fill
-- Blocks of 100 events: 25 interactions, 35 exposures, 25 thumbs, 8 details, 2 comments, 3 suggestions, a survival
-- report or a retraction; a signal, a rating, an outcome, an annotation (two annotators a target) or a judgement of
-- what they labelled. Feedback follows its interaction within a minute; a fifth of it comes from browsers that only say
-- `anonymous`, of which a part is tied to an actor. One interaction in twenty was asked with messages. An answer ends in
-- $words words of 32 characters that no compression foresees.
INSERT INTO events BY NAME
WITH numbered AS (
    SELECT i, i // 100 AS block, i % 100 AS slot, draw(i) AS h
    FROM range($first::BIGINT, $last::BIGINT) t(i)
), placed AS (
    SELECT *,
        CASE WHEN slot < 25 THEN 'interaction' WHEN slot < 60 THEN 'exposure' WHEN slot < 85 THEN 'thumb'
            WHEN slot < 93 THEN 'detail' WHEN slot < 95 THEN 'comment' WHEN slot < 98 THEN 'suggestion'
            WHEN slot = 99 THEN ['signal', 'rating', 'outcome', 'annotation', 'signal', 'outcome', 'judgement',
                'annotation'][block % 8 + 1]
            WHEN block % 2 = 0 THEN 'suggestion' ELSE 'retraction' END AS kind,
        block * 25 + CASE
            WHEN slot < 60 THEN slot % 25 WHEN slot < 85 THEN h % 25
            WHEN slot < 93 THEN draw(block * 100 + 60 + (slot - 85) * 3) % 25
            WHEN slot < 98 THEN slot - 93 WHEN slot = 98 THEN 2 ELSE 7 - CASE block % 8 WHEN 7 THEN 100 WHEN 6 THEN 75 ELSE 0 END END
            AS thing
    FROM numbered
), spoken AS (
    SELECT *, draw(thing) AS ht, CASE kind WHEN 'annotation' THEN -(block % 8) ELSE draw(-thing) % 200000 END AS person,
        time_of(i) AS said_at,
        kind IN ('interaction', 'suggestion', 'annotation') OR h % 5 > 0 OR person % 4 = 0 AS by_actor
    FROM placed
)
SELECT id_of(i) AS event_id,
    kind, CASE WHEN kind <> 'retraction' THEN 'msg_' || left(md5(thing::VARCHAR), 20) END AS target,
    said_at AS occurred_at, said_at AS occurred_at_sent, said_at + INTERVAL 1 SECOND AS received_at, said_at AS sent_at,
    said_at + INTERVAL 2 SECOND AS landed_at, $landing AS landing, i AS seq,
    CASE WHEN by_actor THEN 'u_' || person END AS actor,
    CASE WHEN NOT by_actor OR (kind = 'thumb' AND h % 3 = 0) THEN 'a_' || md5(person::VARCHAR) END AS anonymous,
    CASE WHEN kind = 'interaction' THEN 's_' || thing // 5 END AS session,
    CASE WHEN kind = 'judgement' THEN 'judge:small-judge' WHEN by_actor THEN 'actor:u_' || person
        ELSE 'anonymous:a_' || md5(person::VARCHAR) END AS who,
    by_backend AS verified, CASE WHEN by_backend THEN 'key_1' ELSE 'key_2' END AS key_id,
    CASE WHEN by_backend THEN 'sk' ELSE 'pk' END AS key_kind,
    CASE WHEN by_backend THEN 'sayso-python/0.1.0' ELSE 'sayso-js/0.1.0' END AS source_sdk, h AS content_hash,
    CASE kind WHEN 'thumb' THEN CASE h % 20 WHEN 0 THEN NULL WHEN 1 THEN 'down' WHEN 2 THEN 'down' WHEN 3 THEN 'down'
        ELSE 'up' END
        WHEN 'suggestion' THEN outcome WHEN 'comment' THEN 'It missed the point of ' || h
        WHEN 'outcome' THEN (h % 3 = 0)::VARCHAR WHEN 'rating' THEN (1 + h % 5)::VARCHAR ELSE label END AS value,
    CASE kind WHEN 'rating' THEN 1 + h % 5 END AS score, CASE kind WHEN 'rating' THEN 1 END AS min,
    CASE kind WHEN 'rating' THEN 5 END AS max,
    CASE kind WHEN 'signal' THEN ['copied', 'shared', 'asked_again'][h % 3 + 1] WHEN 'outcome' THEN 'reopened' END AS name,
    label, CASE WHEN label IS NOT NULL THEN 'right' END AS rubric, CASE kind WHEN 'judgement' THEN 'small-judge' END AS judge,
    CASE WHEN label = 'bad' OR (kind = 'comment' AND h % 10 = 1) THEN 'Look at ' || md5(h::VARCHAR) || ' first.' END AS expected,
    CASE kind WHEN 'detail' THEN ['wrong', 'outdated', 'too long', 'rude', 'unclear'][(h % 3) + 1:(h % 3) + 1 + h % 2]
        END AS reasons,
    CASE WHEN kind = 'detail' AND h % 2 = 0 THEN 'The answer says ' || h || ' and that is not so' END AS comment,
    CASE kind WHEN 'detail' THEN earlier END AS about, CASE kind WHEN 'retraction' THEN earlier END AS "of",
    CASE kind WHEN 'comment' THEN 'It missed the point of ' || h END AS text,
    CASE WHEN kind = 'comment' AND h % 2 = 0 THEN ['bug', 'praise', 'idea'][h % 3 + 1] END AS category,
    outcome,
    CASE WHEN outcome IS NOT NULL THEN repeat(md5(thing::VARCHAR) || ' and so on ', 4) END AS proposed,
    CASE WHEN outcome = 'edited' THEN repeat(md5(thing::VARCHAR) || ' and more on ', 4) END AS final,
    CASE WHEN outcome IS NOT NULL THEN h % 30000 END AS decided_in_ms,
    CASE WHEN kind = 'suggestion' AND outcome IS NULL THEN 60 END AS survival_after_s,
    CASE WHEN kind = 'suggestion' AND outcome IS NULL THEN (h % 100) / 100 END AS survival_kept,
    CASE kind WHEN 'exposure' THEN ['thumbs', 'suggestion', 'comment'][1 + (h % 30 // 28)] END AS surface,
    CASE kind WHEN 'exposure' THEN h % 9000 END AS visible_ms,
    CASE kind WHEN 'interaction' THEN 'How do I ' || md5(h::VARCHAR) || ' when ' || md5(ht::VARCHAR) || ' fails?' END
        AS input,
    CASE WHEN kind = 'interaction' AND ht % 20 = 1 THEN json_array(
        {'role': 'system', 'content': 'Answer in one paragraph. ' || repeat('Be exact and kind. ', 10)},
        {'role': 'user', 'content': 'How do I ' || md5(h::VARCHAR) || ' when ' || md5(ht::VARCHAR) || ' fails?'})
        END AS input_messages,
    CASE kind WHEN 'interaction' THEN repeat('First look at the settings, then at ' || md5(h::VARCHAR) || '. ', 1 + ht % 7)
        || array_to_string(list_transform(range($words), lambda k: md5((h + k)::VARCHAR)), ' ') END AS output,
    CASE kind WHEN 'interaction' THEN ['helpdesk', 'draft', 'summary'][ht % 3 + 1] END AS prompt_name,
    CASE kind WHEN 'interaction' THEN 'v' || (1 + (thing // 250000) + ht % 2) END AS prompt_version,
    CASE kind WHEN 'interaction' THEN left(md5((thing // 250000)::VARCHAR), 12) END AS prompt_commit,
    CASE kind WHEN 'interaction' THEN ht % 50 = 0 END AS prompt_dirty,
    CASE kind WHEN 'interaction' THEN 'prompts/answer.md' END AS prompt_path,
    CASE kind WHEN 'interaction' THEN ['small-1', 'large-1', 'large-2'][ht % 7 % 3 + 1] END AS model,
    CASE kind WHEN 'interaction' THEN 'r' || block // 10000 END AS release,
    CASE kind WHEN 'interaction' THEN [['billing', 'login', 'printing', 'other'][ht % 4 + 1]] END AS tags,
    CASE kind WHEN 'interaction' THEN 200 + ht % 3000 END AS latency_ms,
    CASE kind WHEN 'interaction' THEN (1 + ht % 40) / 1000 END AS cost,
    CASE WHEN kind = 'interaction' AND ht % 20 = 0
        THEN '[{"id": "a", "output": "One"}, {"id": "b", "output": "Another", "critique": "Too short"}]' END AS candidates,
    CASE WHEN kind = 'interaction' AND ht % 20 = 0 THEN ['a', 'b'][h % 2 + 1] END AS chosen_id,
    CASE WHEN kind = 'interaction' AND ht % 20 = 0 THEN 'judge' END AS chosen_by,
    CASE kind WHEN 'interaction' THEN 'answers' END AS variant_experiment,
    CASE kind WHEN 'interaction' THEN ['a', 'b'][ht % 2 + 1] END AS variant_arm
FROM (
    SELECT *,
        CASE WHEN slot BETWEEN 95 AND 97 THEN ['accepted', 'edited', 'rejected', 'undone'][h % 4 + 1] END AS outcome,
        CASE WHEN kind IN ('annotation', 'judgement') THEN ['good', 'bad'][1 + (h % 5 // 4)] END AS label,
        kind IN ('interaction', 'outcome', 'annotation', 'judgement') AS by_backend,
        CASE kind WHEN 'detail' THEN id_of(block * 100 + 60 + (slot - 85) * 3)
            WHEN 'retraction' THEN id_of(block * 100 + 61) END AS earlier
    FROM spoken
);

-- name: landed
UPDATE progress SET landing = $landing;

-- name: refuse
-- One refusal for 200 events, for three reasons, of what landed once it was right.
INSERT INTO rejects BY NAME
SELECT id_of(i) AS reject_id, time_of(i) AS received_at, time_of(i) + INTERVAL 2 SECOND AS landed_at,
    ['too_large', 'unknown_kind', 'bad_value'][draw(i) % 3 + 1] AS reason, 'thumb' AS kind,
    json_object('message', 'This is not what a thumb says') AS detail, 'key_2' AS key_id, 'pk' AS key_kind,
    id_of(i)::VARCHAR AS event_id, 300 AS length, '{"kind": "thumb", "value": "sideways"}' AS raw
FROM range($first::BIGINT, $last::BIGINT, 200) t(i);
