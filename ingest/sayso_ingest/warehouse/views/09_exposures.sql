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
SELECT target, part, person AS who, surface, first_seen_at, times, visible_ms
FROM exposure_state
WHERE alone
UNION ALL
SELECT target, part, person, surface, min(first_seen_at), sum(times)::BIGINT, max(visible_ms)
FROM exposure_state
WHERE NOT alone
GROUP BY ALL
