-- Macros that ask the state tables.

-- Reports of a kind (signal, outcome, survival) that nobody took back, and the person that each is from.
CREATE OR REPLACE MACRO reports_that_stand(what) AS TABLE
SELECT r.*, coalesce(i.who, r.who) AS person
FROM report_state r
LEFT JOIN identity_state i ON i.alias = r.who
WHERE r.kind = what AND NOT EXISTS (
    SELECT 1
    FROM retraction_state t
    LEFT JOIN identity_state j ON j.alias = t.who
    WHERE t."of" = r.event_id AND (t.by_backend OR coalesce(j.who, t.who) = coalesce(i.who, r.who)));
-- How much of each suggestion was there when it was last measured.
CREATE OR REPLACE MACRO survivals() AS TABLE
SELECT target, part, person, coalesce(name, '') AS name, unnest(arg_max(
    {'survival_after_s': survival_after_s, 'survival_kept': survival_kept},
    row(survival_after_s, occurred_at, seq, event_id)))
FROM reports_that_stand('survival')
GROUP BY target, part, person, coalesce(name, '');
-- What people wrote, the newest so many, or all of it where `most` is NULL: the view `inbox`. Answers are long, and DuckDB
-- does not find the newest before it joins: so that is done here.
CREATE OR REPLACE MACRO newest_comments(most) AS TABLE
SELECT r.occurred_at, r.person AS who, r.text, r.expected, r.reasons, r.value, r.category, i.input, i.output,
    r.prompt_name, r.prompt_version, r.target
FROM (
    SELECT occurred_at, event_id, person, text, expected, reasons, value, category, prompt_name, prompt_version,
        target, interaction_id
    FROM remark_state
    WHERE counts AND text IS NOT NULL
    ORDER BY occurred_at DESC, event_id
    LIMIT most
) r
LEFT JOIN events i ON i.event_id = r.interaction_id AND i.kind = 'interaction'
ORDER BY r.occurred_at DESC, r.event_id;
-- What people think of answers, by anything that is known of an interaction: thumbs_by(model), thumbs_by(unnest(tags)),
-- thumbs_by(date_trunc('week', occurred_at)). Only thumbs whose interaction is known, and only those that stand.
-- With joined := false exposures are not joined with their interactions, which is quicker; `what` can then be made of
-- prompt_name, prompt_version, model and occurred_at only.
CREATE OR REPLACE MACRO thumbs_by(what, joined := true) AS TABLE
WITH said AS (
    SELECT value, name, person, count(*) AS n, count(*) FILTER (liked) AS k
    FROM (
        SELECT what AS value, v.name, v.person, v.value = 'up' AS liked
        FROM verdict_state v
        WHERE kind = 'thumb' AND wins AND NOT retracted AND v.value IS NOT NULL AND scope = 'target'
    )
    GROUP BY ALL
), rated AS (
    SELECT value, name, sum(n)::BIGINT AS thumbs, sum(k)::BIGINT AS up, count(*) AS people, fair_rate(k, n) AS up_rate,
        fair_low(k, n) AS up_low, fair_high(k, n) AS up_high
    FROM said
    GROUP BY ALL
), seen AS (
    SELECT value, count(*) AS exposed, count(*) FILTER (answered) AS answered
    FROM (
        SELECT what AS value, answered
        FROM (
            SELECT x.answered, x.first_seen_at AS occurred_at, x.prompt_name, x.prompt_version, x.model, i.release,
                i.tags, i.latency_ms, i.variant_experiment, i.variant_arm
            FROM exposure_state x
            LEFT JOIN interaction_state i ON joined AND i.event_id = x.interaction_id
            WHERE x.first AND x.interaction_id IS NOT NULL
        )
    )
    GROUP BY ALL
), asked AS (
    SELECT value, count(*) AS interactions
    FROM (SELECT what AS value FROM interaction_state)
    GROUP BY ALL
), known AS (
    SELECT value FROM asked UNION SELECT value FROM seen UNION SELECT value FROM rated
)
SELECT w.value, coalesce(r.name, '') AS name, coalesce(a.interactions, 0) AS interactions,
    coalesce(s.exposed, 0) AS exposed, coalesce(s.answered, 0) AS answered, s.answered / s.exposed AS response_rate,
    coalesce(r.thumbs, 0) AS thumbs, coalesce(r.up, 0) AS up, coalesce(r.thumbs - r.up, 0) AS down,
    coalesce(r.people, 0) AS people, r.up_rate, r.up_low, r.up_high
FROM known w
LEFT JOIN asked a ON a.value IS NOT DISTINCT FROM w.value
LEFT JOIN seen s ON s.value IS NOT DISTINCT FROM w.value
LEFT JOIN rated r ON r.value IS NOT DISTINCT FROM w.value;
