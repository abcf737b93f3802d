-- name: suggestion_outcomes
-- about: What becomes of suggestions: accepted, edited, rejected, undone, and how much of them stays?
-- columns:
--   prompt_name: name of the interaction's prompt; NULL where there is no interaction
--   prompt_version: version of the interaction's prompt
--   exposed: times somebody was seen to see a suggestion (distinct target, part, who)
--   answered: of these, how many were decided or answered otherwise
--   response_rate: answered / exposed, 0 to 1
--   decided: suggestions with a present outcome
--   people: people who decided
--   accepted: taken as proposed
--   edited: taken with changes
--   rejected: not taken
--   undone: taken, then taken back
--   accept_rate: accepted / decided, 0 to 1; nobody counts for more than five suggestions
--   accept_low: lower end of its 95 % interval, Wilson's by person
--   accept_high: upper end of its 95 % interval
--   take_rate: accepted or edited / decided, 0 to 1, weighed likewise
--   take_low: lower end of its 95 % interval
--   take_high: upper end of its 95 % interval
--   edit_similarity: of edited ones, mean Jaro-Winkler similarity of proposed and final text, 0 to 1
--   median_decision_ms: median milliseconds from shown to decided
--   survival_kept: mean share of the text still there when last measured, 0 to 1
--   survival_measured: suggestions whose survival was measured
WITH decided AS (
    SELECT v.prompt_name, v.prompt_version, count(*) AS decided, count(*) FILTER (v.value = 'accepted') AS accepted,
        count(*) FILTER (v.value = 'edited') AS edited, count(*) FILTER (v.value = 'rejected') AS rejected,
        count(*) FILTER (v.value = 'undone') AS undone, avg(d.similarity) AS edit_similarity,
        median(d.decided_in_ms) AS median_decision_ms, avg(s.survival_kept) AS survival_kept,
        count(s.survival_kept) AS survival_measured
    FROM verdict_state v
    JOIN decision_state d ON d.event_id = v.event_id
    LEFT JOIN survivals() s ON s.target = v.target AND s.part = v.part AND s.person = v.person AND s.name = v.name
    WHERE v.kind = 'suggestion' AND v.wins AND NOT v.retracted AND v.value IS NOT NULL
    GROUP BY ALL
), rated AS (
    SELECT prompt_name, prompt_version, count(*) AS people, fair_rate(accepted, n) AS accept_rate,
        fair_low(accepted, n) AS accept_low, fair_high(accepted, n) AS accept_high,
        fair_rate(taken, n) AS take_rate, fair_low(taken, n) AS take_low, fair_high(taken, n) AS take_high
    FROM (
        SELECT prompt_name, prompt_version, person, count(*) AS n, count(*) FILTER (value = 'accepted') AS accepted,
            count(*) FILTER (value IN ('accepted', 'edited')) AS taken
        FROM verdict_state
        WHERE kind = 'suggestion' AND wins AND NOT retracted AND value IS NOT NULL
        GROUP BY ALL
    )
    GROUP BY ALL
), seen AS (
    SELECT prompt_name, prompt_version, count(*) AS exposed, count(*) FILTER (answered) AS answered
    FROM (
        SELECT prompt_name, prompt_version, bool_or(answered) AS answered
        FROM exposure_state
        WHERE surface = 'suggestion'
        GROUP BY prompt_name, prompt_version, target, part, person
    )
    GROUP BY ALL
)
SELECT d.prompt_name, d.prompt_version, coalesce(s.exposed, 0) AS exposed, coalesce(s.answered, 0) AS answered,
    s.answered / s.exposed AS response_rate, d.decided, r.people, d.accepted, d.edited, d.rejected, d.undone,
    r.accept_rate, r.accept_low, r.accept_high, r.take_rate, r.take_low, r.take_high, d.edit_similarity,
    d.median_decision_ms, d.survival_kept, d.survival_measured
FROM decided d
JOIN rated r ON r.prompt_name IS NOT DISTINCT FROM d.prompt_name
    AND r.prompt_version IS NOT DISTINCT FROM d.prompt_version
LEFT JOIN seen s ON s.prompt_name IS NOT DISTINCT FROM d.prompt_name
    AND s.prompt_version IS NOT DISTINCT FROM d.prompt_version
ORDER BY d.prompt_name, d.prompt_version
