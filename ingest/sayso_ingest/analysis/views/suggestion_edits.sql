-- name: suggestion_edits
-- about: How do people change suggestions before they take them?
-- columns:
--   prompt_name: name of the interaction's prompt; NULL where there is no interaction
--   prompt_version: version of the interaction's prompt
--   change: cosmetic (only case, space or punctuation), shortened or lengthened (by a fifth or more of its characters), reworded (more than half of its words kept) or rewritten
--   n: edited suggestions of this sort
--   edited: edited suggestions of this version in all
--   people: people who edited
--   share: n / edited, 0 to 1; nobody counts for more than five suggestions
--   share_low: lower end of its 95 % interval, Wilson's by person
--   share_high: upper end of its 95 % interval
--   words_kept: mean share of the proposed words that are still in the final text, 0 to 1
--   length_change: median of final / proposed characters, less 1
--   example: target of the newest
WITH edited AS (
    SELECT v.prompt_name, v.prompt_version, v.person AS who, v.target, v.occurred_at, v.event_id, d.length_change,
        d.same_words, d.words_kept
    FROM verdict_state v
    JOIN decision_state d ON d.event_id = v.event_id
    WHERE v.kind = 'suggestion' AND v.wins AND NOT v.retracted AND v.value = 'edited' AND d.length_change IS NOT NULL
), sorted AS (
    SELECT *, CASE WHEN same_words THEN 'cosmetic' WHEN length_change <= -0.2 THEN 'shortened'
        WHEN length_change >= 0.2 THEN 'lengthened' WHEN words_kept > 0.5 THEN 'reworded' ELSE 'rewritten' END AS change
    FROM edited
), people AS (
    SELECT prompt_name, prompt_version, who, count(*) AS n, count(*) FILTER (change = 'cosmetic') AS cosmetic,
        count(*) FILTER (change = 'shortened') AS shortened, count(*) FILTER (change = 'lengthened') AS lengthened,
        count(*) FILTER (change = 'reworded') AS reworded, count(*) FILTER (change = 'rewritten') AS rewritten
    FROM sorted
    GROUP BY ALL
), rated AS (
    SELECT prompt_name, prompt_version, sort.change, sum(n)::BIGINT AS edited, count(*) FILTER (sort.k > 0) AS people,
        fair_rate(sort.k, n) AS share, fair_low(sort.k, n) AS share_low, fair_high(sort.k, n) AS share_high
    FROM (
        SELECT prompt_name, prompt_version, n, unnest([{'change': 'cosmetic', 'k': cosmetic},
            {'change': 'shortened', 'k': shortened}, {'change': 'lengthened', 'k': lengthened},
            {'change': 'reworded', 'k': reworded}, {'change': 'rewritten', 'k': rewritten}]) AS sort
        FROM people
    )
    GROUP BY ALL
), found AS (
    SELECT prompt_name, prompt_version, change, count(*) AS n, avg(words_kept) AS words_kept,
        median(length_change) AS length_change, max_by(target, (occurred_at, event_id)) AS example
    FROM sorted
    GROUP BY ALL
)
SELECT f.prompt_name, f.prompt_version, f.change, f.n, r.edited, r.people, r.share, r.share_low, r.share_high,
    f.words_kept, f.length_change, f.example
FROM found f
JOIN rated r ON r.prompt_name IS NOT DISTINCT FROM f.prompt_name
    AND r.prompt_version IS NOT DISTINCT FROM f.prompt_version AND r.change = f.change
ORDER BY f.prompt_name, f.prompt_version, f.n DESC, f.change
