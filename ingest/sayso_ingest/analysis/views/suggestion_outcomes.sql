-- name: suggestion_outcomes
-- about: What becomes of suggestions: accepted, edited, rejected, undone, and how much of them stays?
-- columns:
--   prompt_name: name of the interaction's prompt; NULL where there is no interaction
--   prompt_version: version of the interaction's prompt
--   decided: suggestions with a present outcome
--   accepted: taken as proposed
--   edited: taken with changes
--   rejected: not taken
--   undone: taken, then taken back
--   accept_rate: accepted / decided, 0 to 1
--   accept_low: lower end of its 95 % Wilson interval
--   accept_high: upper end of its 95 % Wilson interval
--   edit_similarity: of edited ones, mean Jaro-Winkler similarity of proposed and final text, 0 to 1
--   median_decision_ms: median milliseconds from shown to decided
--   survival_kept: mean share of the text still there when last measured, 0 to 1
--   survival_measured: suggestions whose survival was measured
SELECT prompt_name, prompt_version, count(*) AS decided,
    count(*) FILTER (outcome = 'accepted') AS accepted, count(*) FILTER (outcome = 'edited') AS edited,
    count(*) FILTER (outcome = 'rejected') AS rejected, count(*) FILTER (outcome = 'undone') AS undone,
    count(*) FILTER (outcome = 'accepted') / count(*) AS accept_rate,
    wilson_low(count(*) FILTER (outcome = 'accepted'), count(*)) AS accept_low,
    wilson_high(count(*) FILTER (outcome = 'accepted'), count(*)) AS accept_high,
    avg(jaro_winkler_similarity(proposed, final)) FILTER (outcome = 'edited') AS edit_similarity,
    median(decided_in_ms) AS median_decision_ms, avg(survival_kept) AS survival_kept,
    count(survival_kept) AS survival_measured
FROM suggestions
WHERE outcome IS NOT NULL
GROUP BY prompt_name, prompt_version
ORDER BY prompt_name, prompt_version
