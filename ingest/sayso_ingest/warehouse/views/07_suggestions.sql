-- name: suggestions
-- about: What became of each suggestion, and how much of it was still there later
-- columns:
--   target: what was suggested
--   part: a part of the target, or an empty text
--   who: who decided, after ties
--   name: the dimension asked about, or an empty text
--   outcome: accepted, edited, rejected or undone; NULL where it was taken back
--   original: the text before
--   proposed: the text the model proposed
--   final: the text the person kept
--   decided_in_ms: milliseconds from shown to decided
--   survival_after_s: seconds after the decision at which survival was last measured
--   survival_kept: share of the text still there then, 0 to 1
--   event_id: the event that says so
--   occurred_at: when, UTC
--   prompt_name: name of the interaction's prompt
--   prompt_version: version of the interaction's prompt
--   model: the interaction's model
--   input: what the model was asked
SELECT v.target, v.part, v.person AS who, v.name, CASE WHEN NOT v.retracted THEN v.value END AS outcome,
    e.original, e.proposed, e.final, e.decided_in_ms, s.survival_after_s, s.survival_kept, v.event_id, v.occurred_at,
    v.prompt_name, v.prompt_version, v.model, i.input
FROM verdict_state v
JOIN events e ON e.event_id = v.event_id AND e.kind = 'suggestion'
LEFT JOIN survivals() s ON s.target = v.target AND s.part = v.part AND s.person = v.person AND s.name = v.name
LEFT JOIN events i ON i.event_id = v.interaction_id AND i.kind = 'interaction'
WHERE v.kind = 'suggestion' AND v.wins
