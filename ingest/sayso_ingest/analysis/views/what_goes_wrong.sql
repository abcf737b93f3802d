-- name: what_goes_wrong
-- about: What do people complain about most?
-- columns:
--   source: thumb (reasons of a thumb down), suggestion (reasons of a rejected or undone one) or comment (its category)
--   what: the reason or category; '(no reason given)' where there is none
--   n: how many verdicts say so
--   people: people who said so
--   targets: things it was said about
--   share: n / all verdicts of this source, 0 to 1; shares can add up to more than 1, for people pick several reasons
--   share_low: lower end of its 95 % Wilson interval
--   share_high: upper end of its 95 % Wilson interval
--   last_at: when last said, UTC
--   example: the target it was last said about
WITH disliked AS (
    SELECT kind AS source, who, target, event_id, occurred_at,
        CASE WHEN len(reasons) > 0 THEN list_distinct(reasons) ELSE ['(no reason given)'] END AS reasons
    FROM verdicts
    WHERE (kind = 'thumb' AND value = 'down') OR (kind = 'suggestion' AND value IN ('rejected', 'undone'))
    UNION ALL
    SELECT 'comment', who, target, event_id, occurred_at, [category]
    FROM comments
    WHERE category IS NOT NULL
), all_of_source AS (
    SELECT source, count(*) AS n
    FROM disliked
    GROUP BY source
)
SELECT d.source, d.what, count(*) AS n, count(DISTINCT d.who) AS people, count(DISTINCT d.target) AS targets,
    count(*) / any_value(a.n) AS share, wilson_low(count(*), any_value(a.n)) AS share_low,
    wilson_high(count(*), any_value(a.n)) AS share_high, max(d.occurred_at) AS last_at,
    max_by(d.target, (d.occurred_at, d.event_id)) AS example
FROM (SELECT * EXCLUDE reasons, unnest(reasons) AS what FROM disliked) d
JOIN all_of_source a ON a.source = d.source
GROUP BY d.source, d.what
ORDER BY n DESC, d.source, d.what
