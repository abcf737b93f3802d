-- name: verdicts
-- about: The present state of what one person says about one thing: latest wins, a retraction or null clears
-- columns:
--   target: what it is about
--   part: a part of the target, or an empty text
--   who: who said it, typed, after ties: actor:x, anonymous:x, session:x, judge:x or event:id
--   kind: thumb, suggestion, rating, comment, preference, annotation or judgement
--   name: the dimension asked about, or an empty text
--   rubric: the rubric, or an empty text
--   value: what is said, as text; NULL where it was taken back
--   score: what is said, as a number, where it is one; NULL where it was taken back
--   retracted: taken back by a retraction
--   event_id: the event that says so
--   occurred_at: when, UTC
--   verified: sent with a secret key, not by an open browser key
--   key_id: the key that sent it
--   reasons: the reasons picked in the detail that counts
--   scope: target where its interaction has the same target, session where one only has it as its session, eval where it is of a run, else NULL
--   interaction_id: the interaction event, with scope target
--   prompt_name: name of the interaction's prompt
--   prompt_version: version of the interaction's prompt
--   model: the interaction's model
SELECT target, part, person AS who, kind, name, rubric,
    CASE WHEN NOT retracted THEN value END AS value, CASE WHEN NOT retracted THEN score END AS score,
    retracted, event_id, occurred_at, verified, key_id, reasons, scope, interaction_id, prompt_name, prompt_version, model
FROM verdict_state
WHERE wins
