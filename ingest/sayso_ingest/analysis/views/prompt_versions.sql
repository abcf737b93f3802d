-- name: prompt_versions
-- about: Which prompt version do people like, and how sure can we be?
-- columns:
--   prompt_name: name of the prompt
--   prompt_version: version of the prompt
--   name: the dimension asked about, or an empty text
--   interactions: answers of this version
--   exposed: times somebody was seen to see one (distinct target, part, who)
--   answered: of these, how many said anything
--   response_rate: answered / exposed, 0 to 1
--   thumbs: present thumbs on them, one per person and thing
--   up: thumbs up among them
--   down: thumbs down among them
--   people: people who gave them
--   up_rate: share of thumbs up, 0 to 1; nobody counts for more than five thumbs
--   up_low: lower end of its 95 % interval, Wilson's by person
--   up_high: upper end of its 95 % interval
SELECT value.prompt_name AS prompt_name, value.prompt_version AS prompt_version, name, interactions, exposed, answered,
    response_rate, thumbs, up, down, people, up_rate, up_low, up_high
FROM thumbs_by({'prompt_name': prompt_name, 'prompt_version': prompt_version}, joined := false)
ORDER BY prompt_name, prompt_version, name
