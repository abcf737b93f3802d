-- What analysts type every day, beside the questions that have a name; the name is what it is called in the table.

-- name: thumbs_by_version_and_model
SELECT prompt_version, model, count(*), avg((value='up')::INT)
FROM feedback
WHERE kind='thumb' AND value IS NOT NULL AND scope='target'
GROUP BY ALL;

-- name: thumbs_by_day
SELECT occurred_at::DATE, kind, value, count(*) FROM verdicts WHERE kind='thumb' GROUP BY ALL;

-- name: verdicts_by_value
SELECT kind, value, count(*) FROM verdicts WHERE kind <> 'comment' GROUP BY ALL;

-- name: feedback_of_a_week
SELECT prompt_version, count(*)
FROM feedback
WHERE occurred_at > TIMESTAMP '2026-03-24' AND kind='thumb'
GROUP BY ALL;

-- name: reasons_of_dislikes
SELECT r, prompt_version, count(*)
FROM (SELECT unnest(reasons) r, prompt_version
FROM feedback
WHERE value='down')
GROUP BY ALL;

-- name: disliked_newest
FROM feedback WHERE value='down' ORDER BY occurred_at DESC LIMIT 20;

-- name: feedback_of_a_target
FROM feedback WHERE target = (SELECT target FROM events WHERE kind='thumb' LIMIT 1 OFFSET 500000);

-- name: history_of_a_target
FROM events
WHERE target = (SELECT target FROM events
WHERE kind='thumb' LIMIT 1 OFFSET 500000)
ORDER BY occurred_at;

-- name: feedback_of_a_person
SELECT count(*) FROM feedback WHERE who='actor:u_77';

-- name: comments_newest
FROM comments ORDER BY occurred_at DESC LIMIT 20;

-- name: comments_with_a_word
SELECT count(*) FROM comments WHERE text ILIKE '%77 %';

-- name: exposures_by_surface
SELECT surface, count(*), avg(visible_ms) FROM exposures GROUP BY ALL;

-- name: exposures_by_day
SELECT first_seen_at::DATE, count(*) FROM exposures GROUP BY ALL;

-- name: suggestions_by_outcome
SELECT outcome, prompt_version, count(*), avg(survival_kept) FROM suggestions GROUP BY ALL;

-- name: interactions_by_day_and_model
SELECT occurred_at::DATE, model, count(*), avg(latency_ms) FROM interactions GROUP BY ALL;

-- name: interactions_newest
FROM interactions ORDER BY occurred_at DESC LIMIT 20;

-- name: interactions_in_all
SELECT count(*) FROM interactions;

-- name: interaction_of_a_target
FROM interactions WHERE target = (SELECT target FROM events WHERE kind='thumb' LIMIT 1 OFFSET 500000);

-- name: losses
FROM losses;

-- name: published
FROM published;

-- name: events_by_kind_and_day
SELECT kind, occurred_at::DATE, count(*) FROM events GROUP BY ALL;

-- name: thumbs_by_topic
SELECT tags[1] AS topic, count(*) FILTER (prompt_version = 'v1') AS v1_thumbs, avg((value = 'down')::INT) FILTER (prompt_version = 'v1') AS v1_down
FROM feedback
WHERE kind = 'thumb' AND value IS NOT NULL AND scope = 'target'
GROUP BY topic;
