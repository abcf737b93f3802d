-- name: suggestion_words
-- about: Which words do people take out of suggestions, and which do they put in? The 50 commonest of each prompt
-- columns:
--   prompt_name: name of the interaction's prompt; NULL where there is no interaction
--   change: removed or added
--   word: in lower case
--   n: edited suggestions in which it was, once each
--   people: people who did so
--   edited: edited suggestions of this prompt in all
--   share: n / edited, 0 to 1; nobody counts for more than five suggestions
--   share_low: lower end of its 95 % interval, Wilson's by person
--   share_high: upper end of its 95 % interval
WITH edited AS (
    SELECT v.prompt_name, v.person AS who, d.removed, d.added
    FROM verdict_state v
    JOIN decision_state d ON d.event_id = v.event_id
    WHERE v.kind = 'suggestion' AND v.wins AND NOT v.retracted AND v.value = 'edited' AND d.length_change IS NOT NULL
), speakers AS (
    SELECT prompt_name, who, count(*) AS n
    FROM edited
    GROUP BY ALL
), totals AS (
    SELECT prompt_name, sum(n)::BIGINT AS edited, count(*) AS people, sum(five_of(n))::DOUBLE AS m,
        sum(five_of(n) ** 2) AS mm
    FROM speakers
    GROUP BY ALL
), changes AS (
    SELECT prompt_name, who, 'removed' AS change, unnest(removed) AS word
    FROM edited
    UNION ALL
    SELECT prompt_name, who, 'added', unnest(added)
    FROM edited
), common AS (
    SELECT prompt_name, change, word
    FROM changes
    GROUP BY prompt_name, change, word
    QUALIFY row_number() OVER (PARTITION BY prompt_name, change ORDER BY count(*) DESC, word) <= 50
), hits AS (
    SELECT w.prompt_name, w.change, w.word, w.who, count(*) AS k
    FROM changes w
    JOIN common c ON c.word = w.word AND c.change = w.change AND c.prompt_name IS NOT DISTINCT FROM w.prompt_name
    GROUP BY ALL
)
SELECT h.prompt_name, h.change, h.word, sum(h.k)::BIGINT AS n, count(*) AS people, any_value(t.edited) AS edited,
    part_rate(h.k, s.n, t.m) AS share, part_low(h.k, s.n, t.m, t.mm, t.people) AS share_low,
    part_high(h.k, s.n, t.m, t.mm, t.people) AS share_high
FROM hits h
JOIN speakers s ON s.who = h.who AND s.prompt_name IS NOT DISTINCT FROM h.prompt_name
JOIN totals t ON t.prompt_name IS NOT DISTINCT FROM h.prompt_name
GROUP BY h.prompt_name, h.change, h.word
ORDER BY h.prompt_name, h.change, n DESC, h.word
