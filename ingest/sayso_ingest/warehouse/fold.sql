-- Folding: the state tables catch up with the events of the landings from $after to $upto, in one transaction, by
-- these statements in this order. First what arrival cannot change is merged in, by the raw who: the highest event
-- of each key. Then what follows from several facts (ties, retractions, details, the interaction, who answered) is
-- asked again, for the rows that anything fresh has touched and no others. So a view needs no join to say it, and
-- nothing is lost that could not be told apart again: a tie that is no longer the only one is undone here.

-- name: fold_new_ties
CREATE OR REPLACE TEMP TABLE new_ties AS
SELECT DISTINCT anonymous, actor
FROM events e
WHERE landing > $after AND landing <= $upto AND anonymous IS NOT NULL AND actor IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM ties t WHERE t.anonymous = e.anonymous AND t.actor = e.actor);

-- name: fold_ties
INSERT INTO ties FROM new_ties;

-- name: fold_changed_aliases
-- Browser ids that are now somebody else than before: tied for the first time, or to a second actor.
CREATE OR REPLACE TEMP TABLE changed_aliases AS
SELECT n.alias, coalesce(i.who, n.alias) AS before, n.who AS after
FROM (
    SELECT 'anonymous:' || anonymous AS alias,
        CASE WHEN count(*) = 1 THEN 'actor:' || any_value(actor) ELSE 'anonymous:' || anonymous END AS who
    FROM ties
    WHERE anonymous IN (SELECT anonymous FROM new_ties)
    GROUP BY anonymous
) n
LEFT JOIN identity_state i ON i.alias = n.alias
WHERE n.who <> coalesce(i.who, n.alias);

-- name: fold_forget_identities
DELETE FROM identity_state WHERE alias IN (SELECT alias FROM changed_aliases);

-- name: fold_identities
INSERT INTO identity_state SELECT alias, after FROM changed_aliases WHERE after <> alias;

-- name: fold_verdicts
-- The highest event in order wins, whatever the order of arrival. The struct keeps NULL values: arg_max
-- alone would skip them, and a null thumb would never take anything back. What `value` and `score` are for each
-- kind is told in lander/rows.py.
MERGE INTO verdict_state t
USING (
    SELECT target, part, who, kind, name, rubric,
        unnest(arg_max(
            {'occurred_at': occurred_at, 'seq': seq, 'event_id': event_id,
             'value': value, 'score': score, 'verified': verified, 'key_id': key_id},
            row(occurred_at, seq, event_id)))
    FROM (
        SELECT coalesce(target, '') AS target, coalesce(part, '') AS part, who, kind,
            coalesce(name, '') AS name, coalesce(rubric, '') AS rubric,
            occurred_at, coalesce(seq, -1) AS seq, event_id, value, score, verified, key_id
        FROM events
        WHERE landing > $after AND landing <= $upto
          AND kind IN ('thumb', 'suggestion', 'rating', 'comment', 'preference', 'annotation', 'judgement')
          AND (kind <> 'suggestion' OR outcome IS NOT NULL)
    )
    GROUP BY target, part, who, kind, name, rubric
) u
ON t.target = u.target AND t.part = u.part AND t.who = u.who
    AND t.kind = u.kind AND t.name = u.name AND t.rubric = u.rubric
WHEN MATCHED AND row(u.occurred_at, u.seq, u.event_id) > row(t.occurred_at, t.seq, t.event_id)
    THEN UPDATE SET occurred_at = u.occurred_at, seq = u.seq, event_id = u.event_id,
        value = u.value, score = u.score, verified = u.verified, key_id = u.key_id
WHEN NOT MATCHED THEN INSERT BY NAME;

-- name: fold_fresh_interactions
CREATE OR REPLACE TEMP TABLE fresh_interactions AS
SELECT target, occurred_at, coalesce(seq, -1) AS seq, event_id, session, prompt_name, prompt_version, model, release,
    tags, latency_ms, variant_experiment, variant_arm
FROM events
WHERE landing > $after AND landing <= $upto AND kind = 'interaction';

-- name: fold_rivals
-- The interaction events of these targets that may win: the fresh ones, and the ones that did until now.
CREATE OR REPLACE TEMP TABLE rivals AS
SELECT *, row_number() OVER (PARTITION BY target ORDER BY occurred_at DESC, seq DESC, event_id DESC) = 1 AS wins
FROM (
    FROM fresh_interactions
    UNION ALL
    FROM interaction_state WHERE target IN (SELECT target FROM fresh_interactions)
);

-- name: fold_replaced_interactions
INSERT INTO replaced_interactions SELECT event_id FROM rivals WHERE NOT wins;

-- name: fold_forget_interactions
DELETE FROM interaction_state WHERE event_id IN (SELECT event_id FROM rivals WHERE NOT wins);

-- name: fold_interactions
INSERT INTO interaction_state
SELECT f.* FROM fresh_interactions f WHERE f.event_id IN (SELECT event_id FROM rivals WHERE wins);

-- name: fold_remarks
INSERT INTO remark_state BY NAME
SELECT kind, event_id, occurred_at, coalesce(seq, -1) AS seq, who, key_kind = 'sk' AS by_backend,
    CASE kind WHEN 'comment' THEN target END AS target, CASE kind WHEN 'comment' THEN coalesce(part, '') END AS part,
    CASE kind WHEN 'comment' THEN text ELSE comment END AS text, category, expected, reasons, about
FROM events
WHERE landing > $after AND landing <= $upto AND kind IN ('comment', 'detail');

-- name: fold_exposures
MERGE INTO exposure_state t
USING (
    SELECT target, coalesce(part, '') AS part, who, surface, min(event_id) AS event_id,
        min(occurred_at) AS first_seen_at, count(*) AS times, max(visible_ms) AS visible_ms
    FROM events
    WHERE landing > $after AND landing <= $upto AND kind = 'exposure'
    GROUP BY ALL
) u
ON t.target = u.target AND t.part = u.part AND t.who = u.who AND t.surface = u.surface
WHEN MATCHED THEN UPDATE SET first_seen_at = least(t.first_seen_at, u.first_seen_at), times = t.times + u.times,
    visible_ms = greatest(t.visible_ms, u.visible_ms)
WHEN NOT MATCHED THEN INSERT BY NAME;

-- name: fold_touched
-- Events about which anything fresh says something: the fresh ones, what is taken back, what is explained, and what
-- is explained by something that is taken back. What a changed alias once said may now count, or count no more.
CREATE OR REPLACE TEMP TABLE touched AS
WITH taken_back AS (
    SELECT "of" AS event_id
    FROM events
    WHERE kind = 'retraction'
      AND (landing > $after AND landing <= $upto OR who IN (SELECT alias FROM changed_aliases))
)
FROM taken_back
UNION
SELECT about
FROM remark_state
WHERE kind = 'detail'
  AND (event_id IN (FROM taken_back) OR who IN (SELECT alias FROM changed_aliases))
UNION
SELECT about FROM events WHERE landing > $after AND landing <= $upto AND kind = 'detail'
UNION
SELECT event_id FROM events WHERE landing > $after AND landing <= $upto;

-- name: fold_touched_remarks
CREATE OR REPLACE TEMP TABLE touched_remarks AS
SELECT event_id FROM remark_state WHERE event_id IN (FROM touched)
UNION
SELECT event_id FROM remark_state WHERE about IN (FROM touched)
UNION
SELECT r.event_id FROM remark_state r JOIN changed_aliases a ON a.alias = r.who
UNION
SELECT r.event_id FROM remark_state r JOIN changed_aliases a ON a.alias = r.about_who
UNION
SELECT event_id FROM remark_state WHERE target IN (SELECT target FROM fresh_interactions);

-- name: fold_what_remarks_are_about
UPDATE remark_state r
SET target = e.target, part = coalesce(e.part, ''), about_who = e.who, value = e.value
FROM events e
WHERE r.about_who IS NULL AND r.event_id IN (FROM touched_remarks) AND e.event_id = r.about;

-- name: fold_counting_remarks
UPDATE remark_state r
SET person = c.person, counts = c.counts, interaction_id = i.event_id, prompt_name = i.prompt_name,
    prompt_version = i.prompt_version, model = i.model
FROM (
    SELECT event_id, target, person,
        may_count AND (kind = 'comment' OR row_number() OVER (
            PARTITION BY about, may_count ORDER BY occurred_at DESC, seq DESC, event_id DESC) = 1) AS counts
    FROM (
        SELECT m.event_id, m.kind, m.about, m.target, m.occurred_at, m.seq, m.person,
            (m.kind = 'comment' OR (m.about_who IS NOT NULL AND (m.by_backend OR m.person = m.about_person)))
            AND NOT EXISTS (
                SELECT 1 FROM retractions t
                WHERE t.retracted_id = m.event_id AND (t.by_backend OR t.who = m.person)) AS may_count
        FROM (
            SELECT r.* EXCLUDE person, coalesce(i.who, r.who) AS person, coalesce(j.who, r.about_who) AS about_person
            FROM remark_state r
            LEFT JOIN identity_state i ON i.alias = r.who
            LEFT JOIN identity_state j ON j.alias = r.about_who
            WHERE r.event_id IN (FROM touched_remarks)
        ) m
    )
) c
LEFT JOIN interaction_state i ON i.target = c.target
WHERE r.event_id = c.event_id;

-- name: fold_touched_verdicts
-- Which persons' verdicts on which targets to ask again. `person` of a row that was never asked about is NULL, and
-- such a row is fresh.
CREATE OR REPLACE TEMP TABLE touched_verdicts AS
SELECT v.target, coalesce(i.who, v.who) AS person
FROM verdict_state v
LEFT JOIN identity_state i ON i.alias = v.who
WHERE v.event_id IN (FROM touched)
UNION
SELECT v.target, unnest([a.before, a.after]) FROM verdict_state v JOIN changed_aliases a ON a.alias = v.who
UNION
SELECT v.target, v.person
FROM verdict_state v
WHERE v.target IN (SELECT target FROM fresh_interactions)
UNION
SELECT v.target, v.person
FROM verdict_state v
WHERE v.scope IS DISTINCT FROM 'target' AND v.target IN (SELECT session FROM rivals)
  AND (v.scope IS NOT NULL) <> (v.target IN (
    SELECT session FROM interaction_state WHERE session IN (SELECT session FROM rivals)));

-- name: fold_settled_verdicts
UPDATE verdict_state v
SET person = c.person, wins = c.wins, retracted = c.retracted, reasons = c.reasons, comment = c.text, scope = c.scope,
    interaction_id = c.interaction_id, interaction_at = c.interaction_at, session = c.session,
    prompt_name = c.prompt_name, prompt_version = c.prompt_version, model = c.model, release = c.release,
    tags = c.tags, latency_ms = c.latency_ms, variant_experiment = c.variant_experiment, variant_arm = c.variant_arm
FROM (
    SELECT p.event_id, p.person, p.wins, d.reasons, d.text,
        EXISTS (SELECT 1 FROM retractions t WHERE t.retracted_id = p.event_id AND (t.by_backend OR t.who = p.person))
            AS retracted,
        CASE WHEN i.event_id IS NOT NULL THEN 'target' WHEN s.session IS NOT NULL THEN 'session' END AS scope,
        i.event_id AS interaction_id, i.occurred_at AS interaction_at, i.session, i.prompt_name, i.prompt_version,
        i.model, i.release, i.tags, i.latency_ms, i.variant_experiment, i.variant_arm
    FROM (
        SELECT q.*, row_number() OVER (
            PARTITION BY q.target, q.part, q.person, q.kind, q.name, q.rubric
            ORDER BY q.occurred_at DESC, q.seq DESC, q.event_id DESC) = 1 AS wins
        FROM (
            SELECT v.target, v.part, coalesce(i.who, v.who) AS person, v.kind, v.name, v.rubric,
                v.occurred_at, v.seq, v.event_id
            FROM verdict_state v
            LEFT JOIN identity_state i ON i.alias = v.who
            WHERE v.target IN (SELECT target FROM touched_verdicts)
        ) q
        SEMI JOIN touched_verdicts t ON t.target = q.target AND t.person = q.person
    ) p
    LEFT JOIN (SELECT about, reasons, text FROM remark_state WHERE kind = 'detail' AND counts) d ON d.about = p.event_id
    LEFT JOIN interaction_state i ON i.target = p.target
    LEFT JOIN (
        SELECT DISTINCT session FROM interaction_state WHERE session IN (SELECT target FROM touched_verdicts)
    ) s ON s.session = p.target
) c
WHERE v.event_id = c.event_id;

-- name: fold_touched_exposures
CREATE OR REPLACE TEMP TABLE touched_exposures AS
FROM touched_verdicts
UNION
SELECT x.target, coalesce(i.who, x.who)
FROM events x
LEFT JOIN identity_state i ON i.alias = x.who
WHERE x.landing > $after AND x.landing <= $upto AND x.kind = 'exposure'
UNION
SELECT x.target, unnest([a.before, a.after]) FROM exposure_state x JOIN changed_aliases a ON a.alias = x.who
UNION
SELECT x.target, x.person
FROM exposure_state x
WHERE x.target IN (SELECT target FROM fresh_interactions);

-- name: fold_settled_exposures
UPDATE exposure_state x
SET person = c.person, alone = c.alone, first = c.first, answered = c.answered, interaction_id = c.interaction_id,
    prompt_name = c.prompt_name, prompt_version = c.prompt_version, model = c.model
FROM (
    SELECT p.event_id, p.person, p.alone, p.first, i.event_id AS interaction_id, i.prompt_name, i.prompt_version, i.model,
        EXISTS (
            SELECT 1 FROM verdict_state v
            WHERE v.target = p.target AND v.part = p.part AND v.person = p.person
              AND v.wins AND NOT v.retracted AND v.value IS NOT NULL) AS answered
    FROM (
        SELECT q.*, count(*) OVER (PARTITION BY q.target, q.part, q.person, q.surface) = 1 AS alone,
            row_number() OVER (PARTITION BY q.target, q.part, q.person ORDER BY q.event_id) = 1 AS first
        FROM (
            SELECT x.target, x.part, coalesce(i.who, x.who) AS person, x.surface, x.event_id
            FROM exposure_state x
            LEFT JOIN identity_state i ON i.alias = x.who
            WHERE x.target IN (SELECT target FROM touched_exposures)
        ) q
        SEMI JOIN touched_exposures t ON t.target = q.target AND t.person = q.person
    ) p
    LEFT JOIN interaction_state i ON i.target = p.target
) c
WHERE x.event_id = c.event_id;

-- name: fold_mark
UPDATE progress SET folded = $upto;
