-- name: exposures
-- about: What was really seen, the denominator of every rate: one row per target, part, who and surface
-- columns:
--   target: what was seen
--   part: a part of the target, or an empty text
--   who: who saw it, after ties
--   surface: thumbs, suggestion or comment
--   first_seen_at: when first, UTC
--   times: how often it was reported
--   visible_ms: longest time visible, in milliseconds
SELECT e.target, coalesce(e.part, '') AS part, coalesce(i.who, e.who) AS who, e.surface,
    min(e.occurred_at) AS first_seen_at, count(*) AS times, max(e.visible_ms) AS visible_ms
FROM events e
LEFT JOIN identities i ON i.alias = e.who
WHERE e.kind = 'exposure'
GROUP BY e.target, coalesce(e.part, ''), coalesce(i.who, e.who), e.surface
