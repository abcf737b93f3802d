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

-- name: fold_people
-- Who the senders of the fresh events are, after ties, and those who are somebody else since now.
CREATE OR REPLACE TEMP TABLE people AS
SELECT f.who, coalesce(i.who, f.who) AS person
FROM (SELECT DISTINCT who FROM events WHERE landing > $after AND landing <= $upto) f
LEFT JOIN identity_state i ON i.alias = f.who
UNION
SELECT alias, after FROM changed_aliases;

-- name: fold_moved_verdicts
-- What is somebody else's from now on, and whose it was.
CREATE OR REPLACE TEMP TABLE moved_verdicts AS
SELECT v.event_id, v.target, a.before, a.after FROM verdict_state v JOIN changed_aliases a ON a.alias = v.who;

-- name: fold_people_of_verdicts
UPDATE verdict_state v SET person = m.after FROM moved_verdicts m WHERE m.event_id = v.event_id;

-- name: fold_moved_exposures
CREATE OR REPLACE TEMP TABLE moved_exposures AS
SELECT x.event_id, x.target, a.before, a.after FROM exposure_state x JOIN changed_aliases a ON a.alias = x.who;

-- name: fold_people_of_exposures
UPDATE exposure_state x SET person = m.after FROM moved_exposures m WHERE m.event_id = x.event_id;

-- name: fold_people_of_remarks
UPDATE remark_state r SET person = a.after FROM changed_aliases a WHERE a.alias = r.who;

-- name: fold_verdicts
-- The highest event in order wins, whatever the order of arrival. The struct keeps NULL values: arg_max
-- alone would skip them, and a null thumb would never take anything back. What `value` and `score` are for each
-- kind is told in lander/fields.py.
MERGE INTO verdict_state t
USING (
    SELECT target, part, who, person, kind, name, rubric,
        unnest(arg_max(
            {'occurred_at': occurred_at, 'seq': seq, 'event_id': event_id,
             'value': value, 'score': score, 'verified': verified, 'key_id': key_id},
            row(occurred_at, seq, event_id)))
    FROM (
        SELECT coalesce(target, '') AS target, coalesce(part, '') AS part, who, person, kind,
            coalesce(name, '') AS name, coalesce(rubric, '') AS rubric,
            occurred_at, coalesce(seq, -1) AS seq, event_id, value, score, verified, key_id
        FROM events
        JOIN people USING (who)
        WHERE landing > $after AND landing <= $upto
          AND kind IN ('thumb', 'suggestion', 'rating', 'comment', 'preference', 'annotation', 'judgement')
          AND (kind <> 'suggestion' OR outcome IS NOT NULL)
    )
    GROUP BY target, part, who, person, kind, name, rubric
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
SELECT kind, event_id, occurred_at, coalesce(seq, -1) AS seq, who, person, key_kind = 'sk' AS by_backend,
    CASE kind WHEN 'comment' THEN target END AS target, CASE kind WHEN 'comment' THEN coalesce(part, '') END AS part,
    CASE kind WHEN 'comment' THEN text ELSE comment END AS text, category, expected, reasons, about
FROM events
JOIN people USING (who)
WHERE landing > $after AND landing <= $upto AND kind IN ('comment', 'detail');

-- name: fold_exposures
MERGE INTO exposure_state t
USING (
    SELECT target, coalesce(part, '') AS part, who, person, surface, min(event_id) AS event_id,
        min(occurred_at) AS first_seen_at, count(*) AS times, max(visible_ms) AS visible_ms
    FROM events
    JOIN people USING (who)
    WHERE landing > $after AND landing <= $upto AND kind = 'exposure'
    GROUP BY ALL
) u
ON t.target = u.target AND t.part = u.part AND t.who = u.who AND t.surface = u.surface
WHEN MATCHED THEN UPDATE SET first_seen_at = least(t.first_seen_at, u.first_seen_at), times = t.times + u.times,
    visible_ms = greatest(t.visible_ms, u.visible_ms)
WHEN NOT MATCHED THEN INSERT BY NAME;

-- name: fold_retractions
INSERT INTO retraction_state
SELECT "of", who, key_kind = 'sk'
FROM events
WHERE landing > $after AND landing <= $upto AND kind = 'retraction';

-- name: fold_touched
-- Events about which anything fresh says something: the fresh ones, what is taken back, what is explained, and what
-- is explained by something that is taken back. What a changed alias once said may now count, or count no more.
CREATE OR REPLACE TEMP TABLE touched AS
WITH taken_back AS (
    SELECT "of" AS event_id FROM events WHERE landing > $after AND landing <= $upto AND kind = 'retraction'
    UNION
    SELECT "of" FROM retraction_state WHERE who IN (SELECT alias FROM changed_aliases)
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
SELECT event_id FROM remark_state WHERE event_id IN (FROM touched) OR about IN (FROM touched)
UNION
SELECT event_id FROM remark_state WHERE who IN (SELECT alias FROM changed_aliases)
UNION
SELECT event_id FROM remark_state WHERE about_who IN (SELECT alias FROM changed_aliases)
UNION
SELECT event_id FROM remark_state WHERE target IN (SELECT target FROM fresh_interactions);

-- name: fold_what_remarks_are_about
UPDATE remark_state r
SET target = e.target, part = coalesce(e.part, ''), about_who = e.who, value = e.value
FROM events e
WHERE r.about_who IS NULL AND r.event_id IN (FROM touched_remarks) AND e.event_id = r.about;

-- name: fold_named_targets
-- What a fresh interaction is about: its target, and the session that it is in, or was in.
CREATE OR REPLACE TEMP TABLE named_targets AS
SELECT target FROM fresh_interactions
UNION
SELECT session FROM rivals WHERE session IS NOT NULL;

-- name: fold_touched_targets
-- Targets of which some verdict or exposure has to be asked again. What is near, is read once: a state table has
-- millions of rows, and to look for targets is to read all of them.
CREATE OR REPLACE TEMP TABLE touched_targets AS
SELECT target FROM verdict_state WHERE event_id IN (FROM touched)
UNION
SELECT target FROM moved_verdicts
UNION
SELECT target FROM moved_exposures
UNION
SELECT target FROM events WHERE landing > $after AND landing <= $upto AND kind = 'exposure'
UNION
FROM named_targets;

-- name: fold_near_verdicts
CREATE OR REPLACE TEMP TABLE near_verdicts AS
SELECT target, part, person, kind, name, rubric, occurred_at, seq, event_id, value, scope
FROM verdict_state
WHERE target IN (FROM touched_targets);

-- name: fold_near_exposures
CREATE OR REPLACE TEMP TABLE near_exposures AS
SELECT target, part, person, surface, event_id
FROM exposure_state
WHERE target IN (FROM touched_targets);

-- name: fold_near_sessions
CREATE OR REPLACE TEMP TABLE near_sessions AS
SELECT DISTINCT session FROM interaction_state WHERE session IN (FROM touched_targets);

-- name: fold_touched_people
-- Which persons to ask again, about which targets: also where only what they saw has changed, for its answer is asked.
CREATE OR REPLACE TEMP TABLE touched_people AS
SELECT target, person FROM near_verdicts WHERE event_id IN (FROM touched)
UNION
SELECT target, unnest([before, after]) FROM moved_verdicts
UNION
SELECT target, unnest([before, after]) FROM moved_exposures
UNION
SELECT target, person
FROM near_verdicts
WHERE target IN (SELECT target FROM fresh_interactions)
   OR (scope IS DISTINCT FROM 'target' AND (scope IS NOT NULL) <> (target IN (FROM near_sessions)))
UNION
SELECT target, person FROM near_exposures WHERE target IN (SELECT target FROM fresh_interactions)
UNION
SELECT target, person
FROM events
JOIN people USING (who)
WHERE landing > $after AND landing <= $upto AND kind = 'exposure';

-- name: fold_verdicts_asked
CREATE OR REPLACE TEMP TABLE verdicts_asked AS
SELECT target, part, person, event_id, value, row_number() OVER (
        PARTITION BY target, part, person, kind, name, rubric
        ORDER BY occurred_at DESC, seq DESC, event_id DESC) = 1 AS wins
FROM near_verdicts
SEMI JOIN touched_people USING (target, person);

-- name: fold_exposures_asked
CREATE OR REPLACE TEMP TABLE exposures_asked AS
SELECT target, part, person, event_id,
    count(*) OVER (PARTITION BY target, part, person, surface) = 1 AS alone,
    row_number() OVER (PARTITION BY target, part, person ORDER BY event_id) = 1 AS first
FROM near_exposures
SEMI JOIN touched_people USING (target, person);

-- name: fold_remarks_asked
CREATE OR REPLACE TEMP TABLE remarks_asked AS
SELECT r.kind, r.event_id, r.occurred_at, r.seq, r.by_backend, r.target, r.about, r.person, r.about_who
FROM remark_state r
WHERE r.event_id IN (FROM touched_remarks);

-- name: fold_interactions_asked
CREATE OR REPLACE TEMP TABLE interactions_asked AS
FROM interaction_state
WHERE target IN (
    SELECT target FROM verdicts_asked UNION SELECT target FROM remarks_asked UNION SELECT target FROM exposures_asked);

-- name: fold_retractions_asked
CREATE OR REPLACE TEMP TABLE retractions_asked AS
SELECT r."of" AS event_id, coalesce(i.who, r.who) AS person, r.by_backend
FROM (
    FROM retraction_state
    WHERE "of" IN (SELECT event_id FROM verdicts_asked UNION SELECT event_id FROM remarks_asked)
) r
LEFT JOIN identity_state i ON i.alias = r.who;

-- name: fold_remarks_answered
CREATE OR REPLACE TEMP TABLE remarks_answered AS
SELECT m.event_id, i.event_id AS interaction_id, i.prompt_name, i.prompt_version, i.model,
    m.may_count AND (m.kind = 'comment' OR row_number() OVER (
        PARTITION BY m.about, m.may_count ORDER BY m.occurred_at DESC, m.seq DESC, m.event_id DESC) = 1) AS counts
FROM (
    SELECT r.*,
        (kind = 'comment' OR (about_who IS NOT NULL AND (by_backend OR person = coalesce(i.who, about_who))))
        AND NOT EXISTS (
            SELECT 1 FROM retractions_asked t
            WHERE t.event_id = r.event_id AND (t.by_backend OR t.person = r.person)) AS may_count
    FROM remarks_asked r
    LEFT JOIN identity_state i ON i.alias = r.about_who
) m
LEFT JOIN interactions_asked i ON i.target = m.target;

-- name: fold_settled_remarks
UPDATE remark_state r
SET counts = c.counts, interaction_id = c.interaction_id, prompt_name = c.prompt_name,
    prompt_version = c.prompt_version, model = c.model
FROM remarks_answered c
WHERE r.event_id = c.event_id;

-- name: fold_details_asked
CREATE OR REPLACE TEMP TABLE details_asked AS
SELECT about, reasons, text
FROM remark_state
WHERE kind = 'detail' AND counts AND about IN (SELECT event_id FROM verdicts_asked);

-- name: fold_verdicts_answered
CREATE OR REPLACE TEMP TABLE verdicts_answered AS
SELECT v.target, v.part, v.person, v.value, v.event_id, v.wins, d.reasons, d.text AS comment,
    EXISTS (
        SELECT 1 FROM retractions_asked t WHERE t.event_id = v.event_id AND (t.by_backend OR t.person = v.person)
    ) AS retracted,
    CASE WHEN i.event_id IS NOT NULL THEN 'target' WHEN s.session IS NOT NULL THEN 'session' END AS scope,
    i.event_id AS interaction_id, i.occurred_at AS interaction_at, i.session, i.prompt_name, i.prompt_version,
    i.model, i.release, i.tags, i.latency_ms, i.variant_experiment, i.variant_arm
FROM verdicts_asked v
LEFT JOIN details_asked d ON d.about = v.event_id
LEFT JOIN interactions_asked i ON i.target = v.target
LEFT JOIN near_sessions s ON s.session = v.target;

-- name: fold_settled_verdicts
UPDATE verdict_state v
SET wins = c.wins, retracted = c.retracted, reasons = c.reasons, comment = c.comment, scope = c.scope,
    interaction_id = c.interaction_id, interaction_at = c.interaction_at, session = c.session,
    prompt_name = c.prompt_name, prompt_version = c.prompt_version, model = c.model, release = c.release,
    tags = c.tags, latency_ms = c.latency_ms, variant_experiment = c.variant_experiment, variant_arm = c.variant_arm
FROM verdicts_answered c
WHERE v.event_id = c.event_id;

-- name: fold_exposures_answered
CREATE OR REPLACE TEMP TABLE exposures_answered AS
SELECT x.event_id, x.alone, x.first, i.event_id AS interaction_id, i.prompt_name, i.prompt_version, i.model,
    (x.target, x.part, x.person) IN (
        SELECT (target, part, person) FROM verdicts_answered WHERE wins AND NOT retracted AND value IS NOT NULL
    ) AS answered
FROM exposures_asked x
LEFT JOIN interactions_asked i ON i.target = x.target;

-- name: fold_settled_exposures
UPDATE exposure_state x
SET alone = c.alone, first = c.first, answered = c.answered, interaction_id = c.interaction_id,
    prompt_name = c.prompt_name, prompt_version = c.prompt_version, model = c.model
FROM exposures_answered c
WHERE x.event_id = c.event_id;

-- name: fold_mark
UPDATE progress SET folded = $upto;
