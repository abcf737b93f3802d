-- name: signals
-- about: What do people do with the answers, apart from what they say?
-- columns:
--   prompt_name: name of the prompt
--   prompt_version: version of the prompt
--   signal: what was done: copied, regenerated, abandoned
--   interactions: answers of this version
--   people: people whose answers these are
--   n: answers of which it is told, once however often
--   rate: n / interactions, 0 to 1; nobody counts for more than five answers
--   rate_low: lower end of its 95 % interval, Wilson's by person
--   rate_high: upper end of its 95 % interval
WITH speakers AS (
    SELECT prompt_name, prompt_version, person, count(*) AS n
    FROM interaction_state
    GROUP BY ALL
), totals AS (
    SELECT prompt_name, prompt_version, count(*) AS people, sum(n)::BIGINT AS n, sum(five_of(n))::DOUBLE AS m,
        sum(five_of(n) ** 2) AS mm
    FROM speakers
    GROUP BY ALL
), done AS (
    SELECT DISTINCT target, name AS signal
    FROM reports_that_stand('signal')
), hits AS (
    SELECT a.prompt_name, a.prompt_version, d.signal, a.person, count(*) AS k
    FROM done d
    JOIN interaction_state a USING (target)
    GROUP BY ALL
)
SELECT h.prompt_name, h.prompt_version, h.signal, any_value(t.n) AS interactions, any_value(t.people) AS people,
    sum(h.k)::BIGINT AS n, part_rate(h.k, s.n, t.m) AS rate, part_low(h.k, s.n, t.m, t.mm, t.people) AS rate_low,
    part_high(h.k, s.n, t.m, t.mm, t.people) AS rate_high
FROM hits h
JOIN speakers s ON s.person = h.person AND s.prompt_name IS NOT DISTINCT FROM h.prompt_name
    AND s.prompt_version IS NOT DISTINCT FROM h.prompt_version
JOIN totals t ON t.prompt_name IS NOT DISTINCT FROM h.prompt_name
    AND t.prompt_version IS NOT DISTINCT FROM h.prompt_version
GROUP BY h.prompt_name, h.prompt_version, h.signal
ORDER BY h.prompt_name, h.prompt_version, n DESC, h.signal
