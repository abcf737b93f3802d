-- The queue of answers to label, and how far annotators agree.

-- name: disliked
-- Answers that people disliked and nobody has labelled by this rubric, the newest dislike first.
SELECT target
FROM verdict_state
WHERE wins AND NOT retracted AND scope = 'target'
  AND ((kind = 'thumb' AND value = 'down') OR (kind = 'suggestion' AND value IN ('rejected', 'undone')))
  AND target NOT IN (
    SELECT target FROM verdict_state
    WHERE wins AND NOT retracted AND kind = 'annotation' AND rubric = $rubric AND value IS NOT NULL)
GROUP BY target
ORDER BY max(occurred_at) DESC, target
LIMIT 1000;

-- name: second
-- Answers that one person has labelled and that are drawn for a second reading, the longest wait first.
SELECT target, any_value(person) AS who
FROM verdict_state
WHERE wins AND NOT retracted AND scope = 'target' AND kind = 'annotation' AND rubric = $rubric AND value IS NOT NULL
GROUP BY target
HAVING count(DISTINCT person) = 1 AND key_of(target) % 100 < $percent
ORDER BY max(occurred_at), target
LIMIT 1000;

-- name: random
-- Answers drawn at random from all that nobody has labelled by this rubric. Whether there is a text is asked of those
-- that are drawn: to ask it of all would read all texts.
SELECT target
FROM events
WHERE kind = 'interaction' AND output IS NOT NULL AND event_id IN (
    SELECT event_id
    FROM (
        SELECT event_id
        FROM interaction_state
        WHERE target NOT IN (
            SELECT target FROM verdict_state
            WHERE wins AND NOT retracted AND kind = 'annotation' AND rubric = $rubric AND value IS NOT NULL)
    ) USING SAMPLE reservoir(1000 ROWS) REPEATABLE (8))
ORDER BY key_of(target), target
LIMIT 300;

-- name: interaction
-- One answer, with what it was asked.
SELECT * FROM interactions WHERE target = $target
UNION ALL BY NAME
-- Of a run of an eval set: no traffic, and to be labelled as well.
SELECT * EXCLUDE (kind) FROM (
    SELECT event_id, kind, target, occurred_at, who, input, input_messages, output, tags, variant_experiment, variant_arm
    FROM events
    WHERE kind = 'interaction' AND target = $target AND is_eval(target)
    ORDER BY occurred_at DESC, event_id
    LIMIT 1
);

-- name: agreement
-- Labels that two people gave to the same answer: how many, and how many are the same.
WITH labels AS (
    SELECT target, part, who, value AS label
    FROM verdicts
    WHERE kind = 'annotation' AND rubric = $rubric AND value IS NOT NULL
)
SELECT count(*) AS pairs, count(*) FILTER (a.label = b.label) AS same, count(DISTINCT a.target) AS answers
FROM labels a
JOIN labels b ON b.target = a.target AND b.part = a.part AND b.who > a.who;

-- name: labels
-- Who said what of which answer, to reckon with.
SELECT target || '/' || part AS item, who, value AS label
FROM verdicts
WHERE kind = 'annotation' AND rubric = $rubric AND value IS NOT NULL;

-- name: counts
-- How often each label was given, and by how many.
SELECT value AS label, count(*) AS answers, count(DISTINCT who) AS people
FROM verdicts
WHERE kind = 'annotation' AND rubric = $rubric AND value IS NOT NULL
GROUP BY ALL
ORDER BY answers DESC, label;

-- name: differ
-- Answers that two people labelled otherwise, the newest first.
WITH labels AS (
    SELECT target, part, who, value AS label, occurred_at
    FROM verdicts
    WHERE kind = 'annotation' AND rubric = $rubric AND value IS NOT NULL
)
SELECT a.target, a.who AS one, a.label AS one_says, b.who AS other, b.label AS other_says,
    greatest(a.occurred_at, b.occurred_at) AS labelled_at
FROM labels a
JOIN labels b ON b.target = a.target AND b.part = a.part AND b.who > a.who AND b.label <> a.label
ORDER BY labelled_at DESC, a.target;
