-- name: by_day
-- about: How much do people like the answers from day to day?
-- columns:
--   day: the day, UTC: of interactions when they happened, of exposures when first seen, of thumbs when given
--   name: the dimension asked about, or an empty text
--   interactions: answers of this day
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
SELECT value AS day, name, interactions, exposed, answered, response_rate, thumbs, up, down, people, up_rate,
    up_low, up_high
FROM thumbs_by(occurred_at::DATE, joined := false)
ORDER BY day, name
