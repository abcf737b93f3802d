-- name: exposed
-- about: Who was seen to see what, once however often and wherever, and whether they now say anything about it
-- columns:
--   target: what was seen
--   part: a part of the target, or an empty text
--   who: who saw it, after ties
--   answered: this person now has a verdict on this target and part
--   interaction_id: the interaction of the target; NULL where there is none
--   prompt_name: name of the interaction's prompt
--   prompt_version: version of the interaction's prompt
--   model: the interaction's model
SELECT target, part, person AS who, answered, interaction_id, prompt_name, prompt_version, model
FROM exposure_state
WHERE first
