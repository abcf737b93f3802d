-- name: what_goes_wrong
-- about: What goes wrong most, and what is on the rise?
-- columns:
--   source: thumb (reasons of a thumb down), suggestion (reasons of a rejected or undone one), comment (its category) or judge (label against an answer)
--   what: the reason, category or label; '(no reason given)' where there is none
--   n: how many verdicts say so
--   people: people who said so, or judges
--   targets: things it was said about
--   share: of the verdicts of this source that complain, how many say so, 0 to 1; nobody counts for more than five, and no target for more than five judges. Shares can add up to more than 1, for people pick several reasons
--   share_low: lower end of its 95 % interval, Wilson's by person, of judges by target
--   share_high: upper end of its 95 % interval
--   recent: how many said so in the last 7 days before the newest verdict
--   before: how many in the 7 days before these
--   recent_rate: of all verdicts of this source in the last 7 days, good ones too, the share that says so, 0 to 1
--   before_rate: the same of the 7 days before, 0 to 1
--   change: recent_rate - before_rate, -1 to 1
--   change_low: lower end of its 95 % interval, Newcombe's
--   change_high: upper end of its 95 % interval
--   trend: rising or falling where that interval excludes 0, else steady; NULL where one of the weeks has no verdicts of this source
--   last_at: when last said, UTC
--   example: the target it was last said about
WITH weeks AS (
    SELECT max(occurred_at) - INTERVAL 7 DAY AS second, max(occurred_at) - INTERVAL 14 DAY AS first
    FROM verdict_state
), said AS (
    SELECT CASE kind WHEN 'judgement' THEN 'judge' ELSE kind END AS source, person,
        CASE kind WHEN 'judgement' THEN target ELSE person END AS unit, target, event_id, occurred_at,
        CASE kind WHEN 'thumb' THEN value = 'down' WHEN 'suggestion' THEN value IN ('rejected', 'undone')
            ELSE NOT sounds_good(value, score, rubric := rubric) END AS bad,
        CASE kind WHEN 'judgement' THEN [value] ELSE reasons END AS reasons
    FROM verdict_state
    WHERE wins AND NOT retracted AND value IS NOT NULL AND kind IN ('thumb', 'suggestion', 'judgement')
      AND NOT is_eval(target)
      AND (bad OR occurred_at > (SELECT first FROM weeks))
    UNION ALL
    SELECT 'comment', person, person, target, event_id, occurred_at, true, [category]
    FROM remark_state
    WHERE counts AND text IS NOT NULL AND category IS NOT NULL AND NOT is_eval(target)
), counted AS (
    -- In one pass: a complaint counts in all, and what was said in these weeks in its week.
    SELECT *
    FROM (
        SELECT *, unnest([CASE WHEN bad THEN 'all' END,
            CASE WHEN occurred_at > (SELECT second FROM weeks) THEN 'recent'
                WHEN occurred_at > (SELECT first FROM weeks) THEN 'before' END]) AS period
        FROM said
    )
    WHERE period IS NOT NULL
), speakers AS (
    SELECT source, period, unit, count(*) AS n
    FROM counted
    GROUP BY ALL
), totals AS (
    SELECT source, period, count(*) AS units, sum(five_of(n))::DOUBLE AS m, sum(five_of(n) ** 2) AS mm
    FROM speakers
    GROUP BY ALL
), complaints AS (
    SELECT source, period, person, unit, target, occurred_at, event_id, unnest(
        CASE WHEN len(reasons) > 0 THEN list_distinct(reasons) ELSE ['(no reason given)'] END) AS what
    FROM counted
    WHERE bad
), hits AS (
    SELECT source, period, what, unit, count(*) AS k
    FROM complaints
    GROUP BY ALL
), sums AS (
    SELECT source, period, what, sum(k)::BIGINT AS n, sum(k * five_of(n) / n) AS u,
        sum((k * five_of(n) / n) ** 2) AS uu, sum(k * five_of(n) / n * five_of(n)) AS um
    FROM hits
    JOIN speakers USING (source, period, unit)
    GROUP BY ALL
), about AS (
    SELECT source, what, CASE source WHEN 'judge' THEN others ELSE units END AS people,
        CASE source WHEN 'judge' THEN units ELSE others END AS targets, last_at, example
    FROM (
        SELECT source, what, count(DISTINCT CASE source WHEN 'judge' THEN person ELSE target END) AS others,
            max(occurred_at) AS last_at, max_by(target, (occurred_at, event_id)) AS example
        FROM complaints
        WHERE period = 'all'
        GROUP BY ALL
    )
    JOIN (SELECT source, what, count(*) AS units FROM hits WHERE period = 'all' GROUP BY ALL) USING (source, what)
), rates AS (
    SELECT a.source, a.what, t.period, coalesce(s.n, 0) AS n, coalesce(s.u, 0) / t.m AS rate,
        effective_n(coalesce(s.u, 0), t.m, coalesce(s.uu, 0), coalesce(s.um, 0), t.mm, t.units) AS sure
    FROM about a
    JOIN totals t ON t.source = a.source
    LEFT JOIN sums s ON s.source = a.source AND s.period = t.period AND s.what IS NOT DISTINCT FROM a.what
), intervals AS (
    SELECT *, wilson_low(rate * sure, sure) AS low, wilson_high(rate * sure, sure) AS high
    FROM rates
), compared AS (
    SELECT a.source, a.what, a.n, a.rate AS share, a.low AS share_low, a.high AS share_high,
        coalesce(r.n, 0) AS recent, coalesce(b.n, 0) AS before, r.rate AS recent_rate, b.rate AS before_rate,
        r.rate - b.rate AS change, difference_low(r.rate, r.low, r.high, b.rate, b.low, b.high) AS change_low,
        difference_high(r.rate, r.low, r.high, b.rate, b.low, b.high) AS change_high
    FROM intervals a
    LEFT JOIN intervals r ON r.source = a.source AND r.what = a.what AND r.period = 'recent'
    LEFT JOIN intervals b ON b.source = a.source AND b.what = a.what AND b.period = 'before'
    WHERE a.period = 'all'
)
SELECT w.source, w.what, w.n, a.people, a.targets, w.share, w.share_low, w.share_high, w.recent, w.before,
    w.recent_rate, w.before_rate, w.change, w.change_low, w.change_high,
    CASE WHEN w.change_low > 0 THEN 'rising' WHEN w.change_high < 0 THEN 'falling'
        WHEN w.change IS NOT NULL THEN 'steady' END AS trend,
    a.last_at, a.example
FROM compared w
JOIN about a USING (source, what)
ORDER BY w.what = '(no reason given)', w.source = 'judge', w.n DESC, w.source, w.what
