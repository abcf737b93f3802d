-- The second half of a fold: what follows from several facts (ties, retractions, details, the interaction, who
-- answered) is asked again, for the rows that anything fresh has touched and no others. So a view needs no join to say
-- it, and nothing is lost that could not be told apart again: a tie that is no longer the only one is undone here.

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
WHERE kind = 'detail' AND event_id IN (FROM taken_back)
UNION
SELECT about
FROM remark_state
WHERE kind = 'detail' AND who_key IN (SELECT alias_key FROM changed_aliases)
UNION
SELECT about FROM events WHERE landing > $after AND landing <= $upto AND kind = 'detail'
UNION
SELECT event_id FROM events WHERE landing > $after AND landing <= $upto;

-- name: fold_touched_remarks
-- Remarks that are fresh, or taken back, or no longer; about what is; by somebody who is somebody else now, or about
-- what such a one said; and about a target that has another interaction now.
CREATE OR REPLACE TEMP TABLE touched_remarks AS
SELECT event_id FROM remark_state WHERE event_id IN (FROM touched)
UNION
SELECT event_id FROM remark_state WHERE about IN (FROM touched)
UNION
SELECT event_id FROM remark_state WHERE who_key IN (SELECT alias_key FROM changed_aliases)
UNION
SELECT event_id FROM remark_state WHERE about_who_key IN (SELECT alias_key FROM changed_aliases)
UNION
SELECT event_id FROM remark_state WHERE target_key IN (SELECT target_key FROM fresh_interactions);

-- name: fold_what_remarks_are_about
-- when: touched_remarks
UPDATE remark_state r
SET target = e.target, target_key = key_of(e.target), part = coalesce(e.part, ''), about_who = e.who,
    about_who_key = key_of(e.who), value = e.value
FROM events e
WHERE r.about_who IS NULL AND r.event_id IN (FROM touched_remarks) AND e.event_id = r.about;

-- name: fold_named_targets
-- What a fresh interaction is about: its target, and the session that it is in, or was in.
CREATE OR REPLACE TEMP TABLE named_targets AS
SELECT target FROM fresh_interactions
UNION
SELECT session FROM rivals WHERE session IS NOT NULL;

-- name: fold_touched_targets
-- Targets of which some verdict or exposure has to be asked again. What is near is read once.
CREATE OR REPLACE TEMP TABLE touched_targets AS
SELECT target, key_of(target) AS target_key
FROM (
    SELECT target FROM verdict_state WHERE event_id IN (FROM touched)
    UNION
    SELECT target FROM moved_verdicts
    UNION
    SELECT target FROM moved_exposures
    UNION
    SELECT target FROM fresh_exposures
    UNION
    FROM named_targets
);

-- name: fold_near_verdicts
CREATE OR REPLACE TEMP TABLE near_verdicts AS
SELECT rowid AS place, target, part, person, kind, name, rubric, occurred_at, seq, event_id, value, scope, expected
FROM verdict_state
WHERE rowid IN (SELECT rowid FROM verdict_state WHERE target_key IN (SELECT target_key FROM touched_targets));

-- name: fold_near_exposures
CREATE OR REPLACE TEMP TABLE near_exposures AS
SELECT rowid AS place, target, part, person, surface, event_id
FROM exposure_state
WHERE rowid IN (SELECT rowid FROM exposure_state WHERE target_key IN (SELECT target_key FROM touched_targets));

-- name: fold_near_sessions
CREATE OR REPLACE TEMP TABLE near_sessions AS
SELECT DISTINCT session
FROM interaction_state
WHERE rowid IN (SELECT rowid FROM interaction_state WHERE session_key IN (SELECT target_key FROM touched_targets));

-- name: fold_touched_people
-- Which persons to ask again, about which targets: who spoke anew, or is somebody else now; everybody where there is
-- another interaction; those whose target became a session or is none any more, which is all that `scope` can tell of
-- where no interaction has that target; and where only what they saw has changed, for its answer is asked.
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
   OR (scope IS DISTINCT FROM 'target' AND scope IS DISTINCT FROM 'eval'
        AND (scope IS NOT NULL) <> (target IN (FROM near_sessions)))
UNION
SELECT target, person FROM near_exposures WHERE target IN (SELECT target FROM fresh_interactions)
UNION
SELECT target, person
FROM events
JOIN people USING (who)
WHERE landing > $after AND landing <= $upto AND kind = 'exposure';

-- name: fold_verdicts_asked
CREATE OR REPLACE TEMP TABLE verdicts_asked AS
SELECT place, target, part, person, event_id, value, expected, row_number() OVER (
        PARTITION BY target, part, person, kind, name, rubric
        ORDER BY occurred_at DESC, seq DESC, event_id DESC) = 1 AS wins
FROM near_verdicts
SEMI JOIN touched_people USING (target, person);

-- name: fold_exposures_asked
CREATE OR REPLACE TEMP TABLE exposures_asked AS
SELECT place, target, part, person, event_id,
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
SELECT event_id, target, occurred_at, session, prompt_name, prompt_version, prompt_commit, prompt_dirty, prompt_path,
    model, release, tags, latency_ms, variant_experiment, variant_arm
FROM interaction_state
WHERE rowid IN (
    SELECT rowid
    FROM interaction_state
    WHERE target_key IN (
        SELECT key_of(target)
        FROM (
            SELECT target FROM verdicts_asked
            UNION
            SELECT target FROM remarks_asked
            UNION
            SELECT target FROM exposures_asked)));

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
-- when: remarks_answered
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

-- name: fold_outputs_asked
-- What was answered where somebody says what should have been.
CREATE OR REPLACE TEMP TABLE outputs_asked AS
SELECT event_id, output
FROM events
WHERE kind = 'interaction' AND event_id IN (
    SELECT i.event_id FROM verdicts_asked v JOIN interactions_asked i USING (target) WHERE v.expected IS NOT NULL);

-- name: fold_verdicts_answered
CREATE OR REPLACE TEMP TABLE verdicts_answered AS
SELECT v.place, v.target, v.part, v.person, v.value, v.wins, d.reasons, d.text AS comment,
    EXISTS (
        SELECT 1 FROM retractions_asked t WHERE t.event_id = v.event_id AND (t.by_backend OR t.person = v.person)
    ) AS retracted,
    CASE WHEN is_eval(v.target) THEN 'eval' WHEN i.event_id IS NOT NULL THEN 'target'
        WHEN s.session IS NOT NULL THEN 'session' END AS scope,
    i.event_id AS interaction_id, i.occurred_at AS interaction_at, i.session, i.prompt_name, i.prompt_version,
    i.prompt_commit, i.prompt_dirty, i.prompt_path, i.model, i.release, i.tags, i.latency_ms, i.variant_experiment,
    i.variant_arm, v.expected = o.output AS exact, plain(v.expected) = plain(o.output) AS same,
    word_overlap(v.expected, o.output) AS overlap
FROM verdicts_asked v
LEFT JOIN details_asked d ON d.about = v.event_id
LEFT JOIN interactions_asked i ON i.target = v.target
LEFT JOIN outputs_asked o ON o.event_id = i.event_id
LEFT JOIN near_sessions s ON s.session = v.target;

-- name: fold_settled_verdicts
-- when: verdicts_answered
UPDATE verdict_state v
SET wins = c.wins, retracted = c.retracted, reasons = c.reasons, comment = c.comment, scope = c.scope,
    interaction_id = c.interaction_id, interaction_at = c.interaction_at, session = c.session,
    prompt_name = c.prompt_name, prompt_version = c.prompt_version, prompt_commit = c.prompt_commit,
    prompt_dirty = c.prompt_dirty, prompt_path = c.prompt_path, model = c.model, release = c.release,
    tags = c.tags, latency_ms = c.latency_ms, variant_experiment = c.variant_experiment, variant_arm = c.variant_arm,
    exact = c.exact, same = c.same, overlap = c.overlap
FROM verdicts_answered c
WHERE v.rowid = c.place;

-- name: fold_exposures_answered
CREATE OR REPLACE TEMP TABLE exposures_answered AS
SELECT x.place, x.alone, x.first, i.event_id AS interaction_id, i.prompt_name, i.prompt_version, i.model,
    (x.target, x.part, x.person) IN (
        SELECT (target, part, person) FROM verdicts_answered WHERE wins AND NOT retracted AND value IS NOT NULL
    ) AS answered
FROM exposures_asked x
LEFT JOIN interactions_asked i ON i.target = x.target;

-- name: fold_settled_exposures
-- when: exposures_answered
UPDATE exposure_state x
SET alone = c.alone, first = c.first, answered = c.answered, interaction_id = c.interaction_id,
    prompt_name = c.prompt_name, prompt_version = c.prompt_version, model = c.model
FROM exposures_answered c
WHERE x.rowid = c.place;
