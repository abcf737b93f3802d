-- A fold of few events, made where it costs nothing to ask: what it may look at is read from the lake into temporary
-- tables of the same names, the statements of fold.sql and settle.sql find these first, and what they changed is
-- written once. More than need be is near, which does no harm. A statement is passed over unless the table that it says
-- `when` of has rows.

-- name: near_events
CREATE OR REPLACE TEMP TABLE events AS FROM warehouse.events WHERE landing > $after AND landing <= $upto;

-- name: near_browsers
CREATE OR REPLACE TEMP TABLE near_browsers AS
SELECT DISTINCT anonymous FROM events WHERE anonymous IS NOT NULL AND actor IS NOT NULL;

-- name: near_no_ties
CREATE OR REPLACE TEMP TABLE ties AS FROM warehouse.ties LIMIT 0;

-- name: near_ties
-- when: near_browsers
INSERT INTO ties FROM warehouse.ties WHERE anonymous IN (FROM near_browsers);

-- name: near_aliases
-- Browser ids that may be somebody else from now on.
CREATE OR REPLACE TEMP TABLE near_aliases AS
SELECT DISTINCT 'anonymous:' || anonymous AS alias, key_of('anonymous:' || anonymous) AS alias_key
FROM events e
WHERE anonymous IS NOT NULL AND actor IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM ties t WHERE t.anonymous = e.anonymous AND t.actor = e.actor);

-- name: near_ids
-- Events about which a fresh one says something, and below what such a one says something about.
CREATE OR REPLACE TEMP TABLE near_ids AS
SELECT "of" AS event_id FROM events WHERE "of" IS NOT NULL
UNION
SELECT about FROM events WHERE about IS NOT NULL;

-- name: near_ids_of_aliases
-- when: near_aliases
INSERT INTO near_ids
SELECT "of" FROM warehouse.retraction_state WHERE who IN (SELECT alias FROM near_aliases)
UNION
SELECT about
FROM warehouse.remark_state
WHERE kind = 'detail' AND who_key IN (SELECT alias_key FROM near_aliases);

-- name: near_ids_explained
-- when: near_ids
INSERT INTO near_ids
SELECT about FROM warehouse.remark_state WHERE kind = 'detail' AND event_id IN (FROM near_ids);

-- name: near_targets
CREATE OR REPLACE TEMP TABLE near_targets AS
SELECT key_of(coalesce(target, '')) AS target_key FROM events
UNION
SELECT key_of(session) FROM events WHERE kind = 'interaction' AND session IS NOT NULL;

-- name: near_targets_of_ids
-- when: near_ids
INSERT INTO near_targets
SELECT target_key FROM warehouse.verdict_state WHERE event_id IN (FROM near_ids);

-- name: near_targets_of_aliases
-- when: near_aliases
INSERT INTO near_targets
SELECT target_key FROM warehouse.verdict_state WHERE who_key IN (SELECT alias_key FROM near_aliases)
UNION
SELECT target_key FROM warehouse.exposure_state WHERE who_key IN (SELECT alias_key FROM near_aliases);

-- name: near_interactions
CREATE OR REPLACE TEMP TABLE interaction_state AS
SELECT *, rowid AS lake_row
FROM warehouse.interaction_state
WHERE target_key IN (FROM near_targets) OR session_key IN (FROM near_targets)
   OR who_key IN (SELECT alias_key FROM near_aliases);

-- name: near_former_sessions
-- Where an interaction comes anew, also the session that it was in until now.
CREATE OR REPLACE TEMP TABLE near_former_sessions AS
SELECT DISTINCT session_key AS target_key
FROM interaction_state
WHERE session_key IS NOT NULL AND session_key NOT IN (FROM near_targets)
  AND target_key IN (SELECT key_of(target) FROM events WHERE kind = 'interaction');

-- name: near_targets_of_former_sessions
-- when: near_former_sessions
INSERT INTO near_targets FROM near_former_sessions;

-- name: near_verdicts_read
CREATE OR REPLACE TEMP TABLE verdict_state AS
SELECT *, rowid AS lake_row
FROM warehouse.verdict_state
WHERE target_key IN (FROM near_targets);

-- name: near_exposures_read
CREATE OR REPLACE TEMP TABLE exposure_state AS
SELECT *, rowid AS lake_row
FROM warehouse.exposure_state
WHERE target_key IN (FROM near_targets);

-- name: near_ids_said
INSERT INTO near_ids
SELECT event_id FROM events
UNION
SELECT event_id FROM verdict_state;

-- name: near_remarks
CREATE OR REPLACE TEMP TABLE remark_state AS
SELECT *, rowid AS lake_row
FROM warehouse.remark_state
WHERE event_id IN (FROM near_ids) OR about IN (FROM near_ids)
   OR who_key IN (SELECT alias_key FROM near_aliases) OR about_who_key IN (SELECT alias_key FROM near_aliases)
   OR target_key IN (SELECT key_of(target) FROM events WHERE kind = 'interaction');

-- name: near_events_wanted
-- Earlier events that are asked for their texts and senders: what remarks are about, and answers that are held against
-- what was expected.
CREATE OR REPLACE TEMP TABLE near_events_wanted AS
SELECT event_id
FROM (
    SELECT about AS event_id FROM events WHERE about IS NOT NULL
    UNION
    SELECT about FROM remark_state WHERE about IS NOT NULL AND about_who IS NULL
    UNION
    SELECT event_id
    FROM interaction_state
    WHERE target IN (
        SELECT target FROM verdict_state WHERE expected IS NOT NULL
        UNION
        SELECT target FROM events WHERE expected IS NOT NULL)
)
WHERE event_id NOT IN (SELECT event_id FROM events);

-- name: near_events_earlier
-- when: near_events_wanted
INSERT INTO events
FROM warehouse.events
WHERE event_id IN (FROM near_events_wanted) AND landing <= $after;

-- name: near_targets_missing
CREATE OR REPLACE TEMP TABLE near_targets_missing AS
FROM (
    SELECT target_key FROM remark_state WHERE target_key IS NOT NULL
    UNION
    SELECT key_of(target) FROM events WHERE target IS NOT NULL
    UNION
    FROM near_former_sessions
)
WHERE target_key NOT IN (SELECT target_key FROM interaction_state WHERE target_key IS NOT NULL)
  AND target_key NOT IN (SELECT key_of(coalesce(target, '')) FROM events WHERE landing > $after);

-- name: near_interactions_missing
-- when: near_targets_missing
INSERT INTO interaction_state BY NAME
SELECT *, rowid AS lake_row
FROM warehouse.interaction_state
WHERE (target_key IN (FROM near_targets_missing) OR session_key IN (FROM near_former_sessions))
  AND rowid NOT IN (SELECT lake_row FROM interaction_state);

-- name: near_retractions
CREATE OR REPLACE TEMP TABLE retraction_state AS
FROM warehouse.retraction_state
WHERE "of" IN (SELECT event_id FROM near_ids UNION SELECT event_id FROM remark_state)
   OR who IN (SELECT alias FROM near_aliases);

-- name: near_identities_wanted
-- Only browser ids may be somebody else.
CREATE OR REPLACE TEMP TABLE near_identities_wanted AS
SELECT who
FROM (
    SELECT who FROM events
    UNION
    SELECT alias FROM near_aliases
    UNION
    SELECT who FROM retraction_state
    UNION
    SELECT about_who FROM remark_state)
WHERE starts_with(who, 'anonymous:');

-- name: near_no_identities
CREATE OR REPLACE TEMP TABLE identity_state AS FROM warehouse.identity_state LIMIT 0;

-- name: near_identities
-- when: near_identities_wanted
INSERT INTO identity_state FROM warehouse.identity_state WHERE alias IN (FROM near_identities_wanted);
