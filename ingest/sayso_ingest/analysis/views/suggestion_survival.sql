-- name: suggestion_survival
-- about: How much of what was taken from suggestions is still there later?
-- columns:
--   prompt_name: name of the interaction's prompt; NULL where there is no interaction
--   prompt_version: version of the interaction's prompt
--   after: time from the decision to the last measurement: minutes (less than an hour), hours, days or weeks
--   measured: suggestions that were measured then
--   people: people whose they are
--   kept: mean share of the text that was still there, 0 to 1
--   whole_rate: share of suggestions of which nothing was changed, 0 to 1; nobody counts for more than five
--   whole_low: lower end of its 95 % interval, Wilson's by person
--   whole_high: upper end of its 95 % interval
SELECT prompt_name, prompt_version, after, sum(n)::BIGINT AS measured, count(*) AS people, sum(kept) / sum(n) AS kept,
    fair_rate(k, n) AS whole_rate, fair_low(k, n) AS whole_low, fair_high(k, n) AS whole_high
FROM (
    SELECT v.prompt_name, v.prompt_version, v.person, CASE WHEN survival_after_s < 3600 THEN 'minutes'
        WHEN survival_after_s < 86400 THEN 'hours' WHEN survival_after_s < 604800 THEN 'days' ELSE 'weeks' END AS after,
        count(*) AS n, count(*) FILTER (survival_kept >= 1) AS k, sum(survival_kept) AS kept
    FROM verdict_state v
    JOIN survivals() s ON s.target = v.target AND s.part = v.part AND s.person = v.person AND s.name = v.name
    WHERE v.kind = 'suggestion' AND v.wins AND NOT v.retracted AND s.survival_kept IS NOT NULL
      AND v.value IN ('accepted', 'edited', 'undone')
    GROUP BY ALL
)
GROUP BY prompt_name, prompt_version, after
ORDER BY prompt_name, prompt_version, list_position(['minutes', 'hours', 'days', 'weeks'], after)
