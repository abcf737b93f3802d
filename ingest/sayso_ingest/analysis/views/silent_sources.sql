-- name: silent_sources
-- about: Which clients have stopped sending?
-- columns:
--   key_id: the key they send with
--   sdk: the client library and its version; NULL where it does not say
--   events: events from them in all
--   first_at: when the first one came in, UTC
--   last_at: when the last one came in, UTC
--   active_days: days on which some came in
--   silent_hours: hours from then to the newest event of anybody
--   longest_gap_hours: longest silence between two of their hours before
--   silent: silent for more than a day, and for more than twice their longest silence
WITH hours AS (
    SELECT key_id, source_sdk AS sdk, date_trunc('hour', received_at) AS hour, count(*) AS n,
        min(received_at) AS first_at, max(received_at) AS last_at
    FROM events
    GROUP BY ALL
), gaps AS (
    SELECT *, date_diff('hour', lag(hour) OVER (PARTITION BY key_id, sdk ORDER BY hour), hour) AS gap
    FROM hours
), sources AS (
    SELECT key_id, sdk, sum(n)::BIGINT AS events, min(first_at) AS first_at, max(last_at) AS last_at,
        count(DISTINCT hour::DATE) AS active_days, coalesce(max(gap), 0) AS longest_gap_hours
    FROM gaps
    GROUP BY ALL
), timed AS (
    SELECT *, date_diff('minute', last_at, max(last_at) OVER ()) / 60 AS silent_hours
    FROM sources
)
SELECT key_id, sdk, events, first_at, last_at, active_days, silent_hours, longest_gap_hours,
    silent_hours > 24 AND silent_hours > 2 * longest_gap_hours AS silent
FROM timed
ORDER BY silent DESC, last_at, key_id, sdk
