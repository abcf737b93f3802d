-- name: feedback
-- about: Every verdict with its reasons and the interaction it is about
-- columns:
--   target: what it is about
--   part: a part of the target, or an empty text
--   who: who said it, after ties
--   kind: kind of verdict
--   name: the dimension asked about, or an empty text
--   rubric: the rubric, or an empty text
--   value: what is said, as text; NULL where it was taken back
--   score: what is said, as a number, where it is one
--   retracted: taken back by a retraction
--   event_id: the event that says so
--   occurred_at: when, UTC
--   verified: sent with a secret key, not by an open browser key
--   key_id: the key that sent it
--   reasons: the reasons picked in the detail that counts
--   comment: what was written in the detail that counts
--   original: suggestion: the text before
--   proposed: suggestion: the text the model proposed
--   final: suggestion: the text the person kept
--   expected: comment, annotation: what the answer should have been
--   scope: target where the interaction has the same target, session where it only has it as its session, eval where it is of a run, else NULL
--   interaction_id: the interaction event, with scope target
--   session: the interaction's session
--   input: what the model was asked
--   output: what it answered
--   prompt_name: name of the prompt
--   prompt_version: version of the prompt
--   model: the model
--   release: application version or commit
--   tags: the application's tags
--   latency_ms: milliseconds until the answer
--   variant_experiment: the experiment it was part of
--   variant_arm: the arm of that experiment
--   interaction_at: when the interaction happened, UTC
SELECT v.target, v.part, v.person AS who, v.kind, v.name, v.rubric,
    CASE WHEN NOT v.retracted THEN v.value END AS value, CASE WHEN NOT v.retracted THEN v.score END AS score,
    v.retracted, v.event_id, v.occurred_at, v.verified, v.key_id, v.reasons, v.comment,
    e.original, e.proposed, e.final, e.expected, v.scope, v.interaction_id, v.session, i.input, i.output,
    v.prompt_name, v.prompt_version, v.model, v.release, v.tags, v.latency_ms, v.variant_experiment, v.variant_arm,
    v.interaction_at
FROM verdict_state v
LEFT JOIN (
    SELECT event_id, original, proposed, final, expected
    FROM events
    WHERE kind IN ('suggestion', 'comment', 'annotation')
) e ON e.event_id = v.event_id
LEFT JOIN events i ON i.event_id = v.interaction_id AND i.kind = 'interaction'
WHERE v.wins
