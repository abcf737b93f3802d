-- Folding: the state tables catch up with the events of the landings from $after to $upto, in one transaction, by
-- these statements in this order, and by those of settle.sql after them. Here, what arrival cannot change is merged
-- in, by the raw who: the highest event of each key.
--
-- A state table has millions of rows, and a fold is about a few of them. To compare texts in all of them takes long, so
-- rows are found by their `_key` columns, four bytes for each text (key_of in macros.sql), and then read by their
-- rowid: a filter of only one number lets DuckDB leave the other columns alone. Two texts may share a key. Then more
-- rows are near than need be, which does no harm: whatever is decided compares the texts. A rowid (`place`) holds until
-- the next UPDATE or DELETE of its table, which may move rows: it is used before that, or asked for anew.
-- A statement `when` a table has rows would change nothing without any, and is passed over then: in a lake it takes long
-- to find that out.

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
SELECT n.alias, key_of(n.alias) AS alias_key, coalesce(i.who, n.alias) AS before, n.who AS after
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
-- when: changed_aliases
DELETE FROM identity_state WHERE alias IN (SELECT alias FROM changed_aliases);

-- name: fold_identities
-- when: changed_aliases
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
WITH near AS MATERIALIZED (
    SELECT rowid AS place, target, who FROM verdict_state WHERE who_key IN (SELECT alias_key FROM changed_aliases)
)
SELECT n.place, n.target, a.before, a.after FROM near n JOIN changed_aliases a ON a.alias = n.who;

-- name: fold_people_of_verdicts
-- when: moved_verdicts
UPDATE verdict_state v SET person = m.after FROM moved_verdicts m WHERE m.place = v.rowid;

-- name: fold_moved_exposures
CREATE OR REPLACE TEMP TABLE moved_exposures AS
WITH near AS MATERIALIZED (
    SELECT rowid AS place, target, who FROM exposure_state WHERE who_key IN (SELECT alias_key FROM changed_aliases)
)
SELECT n.place, n.target, a.before, a.after FROM near n JOIN changed_aliases a ON a.alias = n.who;

-- name: fold_people_of_exposures
-- when: moved_exposures
UPDATE exposure_state x SET person = m.after FROM moved_exposures m WHERE m.place = x.rowid;

-- name: fold_people_of_remarks
-- when: changed_aliases
UPDATE remark_state r SET person = a.after FROM changed_aliases a WHERE r.who_key = a.alias_key AND a.alias = r.who;

-- name: fold_people_of_interactions
-- when: changed_aliases
UPDATE interaction_state i
SET person = m.after
FROM (
    WITH near AS MATERIALIZED (
        SELECT rowid AS place, who FROM interaction_state WHERE who_key IN (SELECT alias_key FROM changed_aliases)
    )
    SELECT n.place, a.after FROM near n JOIN changed_aliases a ON a.alias = n.who
) m
WHERE m.place = i.rowid;

-- name: fold_fresh_verdicts
-- The highest event in order wins, whatever the order of arrival. The struct keeps NULL values: arg_max
-- alone would skip them, and a null thumb would never take anything back. What `value` and `score` are for each
-- kind is told in lander/fields.py.
CREATE OR REPLACE TEMP TABLE fresh_verdicts AS
SELECT target, part, who, person, kind, name, rubric, key_of(target) AS target_key, key_of(who) AS who_key,
    unnest(arg_max(
        {'occurred_at': occurred_at, 'seq': seq, 'event_id': event_id,
         'value': value, 'score': score, 'verified': verified, 'key_id': key_id, 'expected': expected},
        row(occurred_at, seq, event_id)))
FROM (
    SELECT coalesce(target, '') AS target, coalesce(part, '') AS part, who, person, kind,
        coalesce(name, '') AS name, coalesce(rubric, '') AS rubric,
        occurred_at, coalesce(seq, -1) AS seq, event_id, value, score, verified, key_id, expected
    FROM events
    JOIN people USING (who)
    WHERE landing > $after AND landing <= $upto
      AND kind IN ('thumb', 'suggestion', 'rating', 'comment', 'preference', 'annotation', 'judgement')
      AND (kind <> 'suggestion' OR outcome IS NOT NULL)
)
GROUP BY target, part, who, person, kind, name, rubric;

-- name: fold_known_verdicts
CREATE OR REPLACE TEMP TABLE known_verdicts AS
SELECT rowid AS place, target, part, who, kind, name, rubric, occurred_at, seq, event_id
FROM verdict_state
WHERE rowid IN (SELECT rowid FROM verdict_state WHERE target_key IN (SELECT target_key FROM fresh_verdicts));

-- name: fold_verdicts_again
-- when: known_verdicts
UPDATE verdict_state v
SET occurred_at = f.occurred_at, seq = f.seq, event_id = f.event_id, value = f.value, score = f.score,
    verified = f.verified, key_id = f.key_id, expected = f.expected
FROM fresh_verdicts f
JOIN known_verdicts k USING (target, part, who, kind, name, rubric)
WHERE k.place = v.rowid AND row(f.occurred_at, f.seq, f.event_id) > row(k.occurred_at, k.seq, k.event_id);

-- name: fold_verdicts
-- when: fresh_verdicts
INSERT INTO verdict_state BY NAME
SELECT *
FROM fresh_verdicts
ANTI JOIN known_verdicts USING (target, part, who, kind, name, rubric);

-- name: fold_fresh_interactions
-- What a question needs of texts is made of them here, so that it need not read them.
CREATE OR REPLACE TEMP TABLE fresh_interactions AS
SELECT target, occurred_at, coalesce(seq, -1) AS seq, event_id, session, prompt_name, prompt_version, prompt_commit,
    prompt_dirty, prompt_path, model, release, tags, latency_ms, cost, variant_experiment, variant_arm,
    key_of(target) AS target_key, key_of(session) AS session_key, who, alias_key_of(who) AS who_key, person,
    key_of(lower(trim(input))) AS input_key, len(output) AS output_chars, says_no(output) AS refusal,
    choice_of(candidates) AS choice, coalesce(json_array_length(candidates), 1) AS candidates,
    CASE WHEN candidates IS NOT NULL THEN chosen_by END AS chosen_by
FROM events
JOIN people USING (who)
WHERE landing > $after AND landing <= $upto AND kind = 'interaction' AND NOT is_eval(target);

-- name: fold_rivals
-- The fresh interactions, and those that won until now. A shared key brings in other targets as well: partitioned by
-- target, their winners win again, and nothing changes.
CREATE OR REPLACE TEMP TABLE rivals AS
SELECT event_id, session,
    row_number() OVER (PARTITION BY target ORDER BY occurred_at DESC, seq DESC, event_id DESC) = 1 AS wins
FROM (
    SELECT target, occurred_at, seq, event_id, session
    FROM fresh_interactions
    UNION ALL
    SELECT target, occurred_at, seq, event_id, session
    FROM interaction_state
    WHERE rowid IN (
        SELECT rowid FROM interaction_state WHERE target_key IN (SELECT target_key FROM fresh_interactions))
);

-- name: fold_replaced_interactions
INSERT INTO replaced_interactions SELECT event_id FROM rivals WHERE NOT wins;

-- name: fold_forget_interactions
-- when: rivals
DELETE FROM interaction_state WHERE event_id IN (SELECT event_id FROM rivals WHERE NOT wins);

-- name: fold_interactions
-- when: fresh_interactions
INSERT INTO interaction_state BY NAME
FROM fresh_interactions f WHERE f.event_id IN (SELECT event_id FROM rivals WHERE wins);

-- name: fold_remarks
INSERT INTO remark_state BY NAME
SELECT kind, event_id, occurred_at, coalesce(seq, -1) AS seq, who, key_of(who) AS who_key, person,
    key_kind = 'sk' AS by_backend,
    CASE kind WHEN 'comment' THEN target END AS target, CASE kind WHEN 'comment' THEN key_of(target) END AS target_key,
    CASE kind WHEN 'comment' THEN coalesce(part, '') END AS part,
    CASE kind WHEN 'comment' THEN text ELSE comment END AS text, category, expected, reasons, about
FROM events
JOIN people USING (who)
WHERE landing > $after AND landing <= $upto AND kind IN ('comment', 'detail');

-- name: fold_fresh_exposures
CREATE OR REPLACE TEMP TABLE fresh_exposures AS
SELECT target, part, who, person, surface, min(event_id) AS event_id, min(occurred_at) AS first_seen_at,
    count(*) AS times, max(visible_ms) AS visible_ms, key_of(target) AS target_key, key_of(who) AS who_key
FROM (SELECT * REPLACE (coalesce(part, '') AS part) FROM events)
JOIN people USING (who)
WHERE landing > $after AND landing <= $upto AND kind = 'exposure'
GROUP BY target, part, who, person, surface;

-- name: fold_known_exposures
CREATE OR REPLACE TEMP TABLE known_exposures AS
SELECT rowid AS place, target, part, who, surface
FROM exposure_state
WHERE rowid IN (SELECT rowid FROM exposure_state WHERE target_key IN (SELECT target_key FROM fresh_exposures));

-- name: fold_exposures_again
-- when: known_exposures
UPDATE exposure_state x
SET first_seen_at = least(x.first_seen_at, f.first_seen_at), times = x.times + f.times,
    visible_ms = greatest(x.visible_ms, f.visible_ms)
FROM fresh_exposures f
JOIN known_exposures k USING (target, part, who, surface)
WHERE k.place = x.rowid;

-- name: fold_exposures
-- when: fresh_exposures
INSERT INTO exposure_state BY NAME
SELECT *
FROM fresh_exposures
ANTI JOIN known_exposures USING (target, part, who, surface);

-- name: fold_retractions
INSERT INTO retraction_state
SELECT "of", who, key_kind = 'sk'
FROM events
WHERE landing > $after AND landing <= $upto AND kind = 'retraction';

-- name: fold_reports
INSERT INTO report_state BY NAME
SELECT CASE kind WHEN 'suggestion' THEN 'survival' ELSE kind END AS kind, event_id, occurred_at,
    coalesce(seq, -1) AS seq, target, coalesce(part, '') AS part, who, name, value, score, survival_after_s,
    survival_kept
FROM events
WHERE landing > $after AND landing <= $upto
  AND (kind IN ('signal', 'outcome') OR (kind = 'suggestion' AND outcome IS NULL));

-- name: fold_decisions
INSERT INTO decision_state BY NAME
SELECT event_id, decided_in_ms, CASE outcome WHEN 'edited' THEN jaro_winkler_similarity(proposed, final) END AS similarity,
    unnest(CASE outcome WHEN 'edited' THEN edit_of(proposed, final) END)
FROM events
WHERE landing > $after AND landing <= $upto AND kind = 'suggestion' AND outcome IS NOT NULL;
