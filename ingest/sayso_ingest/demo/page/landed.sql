-- What the page shows of the warehouse.

-- name: latest
-- The latest facts, the newest first: what was said about which target, and by whom.
SELECT strftime(occurred_at, '%H:%M:%S') AS time, kind, coalesce(target, '') AS target,
    coalesce(
        value, surface, text, list_aggregate(reasons, 'string_agg', ', '), comment, output,
        CASE WHEN survival_kept IS NOT NULL THEN 'kept ' || round(survival_kept * 100)::INTEGER || ' %' END,
        CASE kind WHEN 'thumb' THEN 'taken back' END, '') AS said,
    CASE WHEN kind = 'interaction' THEN 'back end' ELSE 'page' END AS sent_by
FROM events
ORDER BY landing DESC, occurred_at DESC, seq DESC
LIMIT 14;

-- name: counts
-- How much landed, how many answers were seen, and how many of the verdicts know their interaction.
SELECT
    (SELECT count(*) FROM events) AS events,
    (SELECT count(*) FROM interactions) AS answers,
    (SELECT count(DISTINCT target) FROM exposures) AS seen,
    (SELECT count(*) FROM verdicts WHERE value IS NOT NULL) AS verdicts,
    (SELECT count(*) FROM feedback WHERE value IS NOT NULL AND scope IS NOT NULL) AS joined;
