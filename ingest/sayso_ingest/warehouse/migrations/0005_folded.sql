-- State that answers the everyday questions without joining all events. It is folded anew from the events: the first
-- fold after this script begins at the first landing.

DROP TABLE verdict_state;
DROP TABLE interaction_state;
DROP TABLE ties;
UPDATE progress SET folded = 0;

CREATE TABLE ties (
    anonymous VARCHAR,
    actor VARCHAR
);
COMMENT ON TABLE ties IS 'Which browser ids were seen together with which actors';
COMMENT ON COLUMN ties.anonymous IS 'The browser''s own id';
COMMENT ON COLUMN ties.actor IS 'An actor it was sent with';

CREATE TABLE identity_state (
    alias VARCHAR,
    who VARCHAR
);
COMMENT ON TABLE identity_state IS 'Browser ids that are tied to exactly one actor';
COMMENT ON COLUMN identity_state.alias IS 'The who of events that carry the browser id alone';
COMMENT ON COLUMN identity_state.who IS 'The actor it resolves to';

CREATE TABLE interaction_state (
    target VARCHAR,
    occurred_at TIMESTAMP,
    seq BIGINT,
    event_id UUID,
    session VARCHAR,
    prompt_name VARCHAR,
    prompt_version VARCHAR,
    model VARCHAR,
    release VARCHAR,
    tags VARCHAR[],
    latency_ms DOUBLE,
    variant_experiment VARCHAR,
    variant_arm VARCHAR
);
COMMENT ON TABLE interaction_state IS 'The highest interaction event of each target, without its texts';
COMMENT ON COLUMN interaction_state.target IS 'The interaction''s target';
COMMENT ON COLUMN interaction_state.occurred_at IS 'When the winning event happened, UTC, corrected';
COMMENT ON COLUMN interaction_state.seq IS 'Its counter, -1 where it had none';
COMMENT ON COLUMN interaction_state.event_id IS 'The winning event';
COMMENT ON COLUMN interaction_state.session IS 'Its session';
COMMENT ON COLUMN interaction_state.prompt_name IS 'Name of its prompt';
COMMENT ON COLUMN interaction_state.prompt_version IS 'Version of its prompt';
COMMENT ON COLUMN interaction_state.model IS 'Its model';
COMMENT ON COLUMN interaction_state.release IS 'Its application version or commit';
COMMENT ON COLUMN interaction_state.tags IS 'Its tags';
COMMENT ON COLUMN interaction_state.latency_ms IS 'Milliseconds until its answer';
COMMENT ON COLUMN interaction_state.variant_experiment IS 'The experiment it was part of';
COMMENT ON COLUMN interaction_state.variant_arm IS 'The arm of that experiment';

CREATE TABLE replaced_interactions (
    event_id UUID
);
COMMENT ON TABLE replaced_interactions IS 'Interaction events that are not the highest of their target: few';
COMMENT ON COLUMN replaced_interactions.event_id IS 'The event that lost';

CREATE TABLE verdict_state (
    target VARCHAR,
    part VARCHAR,
    who VARCHAR,
    kind VARCHAR,
    name VARCHAR,
    rubric VARCHAR,
    occurred_at TIMESTAMP,
    seq BIGINT,
    event_id UUID,
    value VARCHAR,
    score DOUBLE,
    verified BOOLEAN,
    key_id VARCHAR,
    person VARCHAR,
    wins BOOLEAN,
    retracted BOOLEAN,
    reasons VARCHAR[],
    comment VARCHAR,
    scope VARCHAR,
    interaction_id UUID,
    interaction_at TIMESTAMP,
    session VARCHAR,
    prompt_name VARCHAR,
    prompt_version VARCHAR,
    model VARCHAR,
    release VARCHAR,
    tags VARCHAR[],
    latency_ms DOUBLE,
    variant_experiment VARCHAR,
    variant_arm VARCHAR
);
COMMENT ON TABLE verdict_state IS 'The highest event of each verdict key, by the raw who, and what follows from it: from person on';
COMMENT ON COLUMN verdict_state.target IS 'What the verdict is about';
COMMENT ON COLUMN verdict_state.part IS 'A part of the target, or an empty text';
COMMENT ON COLUMN verdict_state.who IS 'Who, typed and before ties';
COMMENT ON COLUMN verdict_state.kind IS 'Kind of verdict';
COMMENT ON COLUMN verdict_state.name IS 'The dimension asked about, or an empty text';
COMMENT ON COLUMN verdict_state.rubric IS 'The rubric, or an empty text';
COMMENT ON COLUMN verdict_state.occurred_at IS 'When the winning event happened, UTC, corrected';
COMMENT ON COLUMN verdict_state.seq IS 'Its counter, -1 where it had none';
COMMENT ON COLUMN verdict_state.event_id IS 'The winning event';
COMMENT ON COLUMN verdict_state.value IS 'What it says, as text; NULL takes it back';
COMMENT ON COLUMN verdict_state.score IS 'What it says, as a number, where it is one';
COMMENT ON COLUMN verdict_state.verified IS 'Whether it is verified';
COMMENT ON COLUMN verdict_state.key_id IS 'The key that sent it';
COMMENT ON COLUMN verdict_state.person IS 'Who, after ties';
COMMENT ON COLUMN verdict_state.wins IS 'It is the highest event of its person, too';
COMMENT ON COLUMN verdict_state.retracted IS 'It was taken back by a retraction';
COMMENT ON COLUMN verdict_state.reasons IS 'The reasons of the detail that counts for it';
COMMENT ON COLUMN verdict_state.comment IS 'The comment of the detail that counts for it';
COMMENT ON COLUMN verdict_state.scope IS 'target where its interaction has the same target, session where one has it as its session';
COMMENT ON COLUMN verdict_state.interaction_id IS 'The interaction of its target; from here on NULL where there is none';
COMMENT ON COLUMN verdict_state.interaction_at IS 'When that happened, UTC';
COMMENT ON COLUMN verdict_state.session IS 'Its session';
COMMENT ON COLUMN verdict_state.prompt_name IS 'Name of its prompt';
COMMENT ON COLUMN verdict_state.prompt_version IS 'Version of its prompt';
COMMENT ON COLUMN verdict_state.model IS 'Its model';
COMMENT ON COLUMN verdict_state.release IS 'Its application version or commit';
COMMENT ON COLUMN verdict_state.tags IS 'Its tags';
COMMENT ON COLUMN verdict_state.latency_ms IS 'Milliseconds until its answer';
COMMENT ON COLUMN verdict_state.variant_experiment IS 'The experiment it was part of';
COMMENT ON COLUMN verdict_state.variant_arm IS 'The arm of that experiment';

CREATE TABLE remark_state (
    kind VARCHAR,
    event_id UUID,
    occurred_at TIMESTAMP,
    seq BIGINT,
    who VARCHAR,
    by_backend BOOLEAN,
    target VARCHAR,
    part VARCHAR,
    text VARCHAR,
    category VARCHAR,
    expected VARCHAR,
    reasons VARCHAR[],
    about UUID,
    about_who VARCHAR,
    value VARCHAR,
    person VARCHAR,
    counts BOOLEAN,
    interaction_id UUID,
    prompt_name VARCHAR,
    prompt_version VARCHAR,
    model VARCHAR
);
COMMENT ON TABLE remark_state IS 'Every comment and every detail, and what follows from it: from about_who on';
COMMENT ON COLUMN remark_state.kind IS 'comment or detail';
COMMENT ON COLUMN remark_state.event_id IS 'Its event';
COMMENT ON COLUMN remark_state.occurred_at IS 'When, UTC, corrected';
COMMENT ON COLUMN remark_state.seq IS 'Its counter, -1 where it had none';
COMMENT ON COLUMN remark_state.who IS 'Who, typed and before ties';
COMMENT ON COLUMN remark_state.by_backend IS 'Sent with a secret key';
COMMENT ON COLUMN remark_state.target IS 'What it is about; of a detail, what its event is about, NULL until that has landed';
COMMENT ON COLUMN remark_state.part IS 'A part of the target, or an empty text';
COMMENT ON COLUMN remark_state.text IS 'What was written';
COMMENT ON COLUMN remark_state.category IS 'Its category';
COMMENT ON COLUMN remark_state.expected IS 'What the answer should have been';
COMMENT ON COLUMN remark_state.reasons IS 'The reasons that were picked';
COMMENT ON COLUMN remark_state.about IS 'detail: the event it explains';
COMMENT ON COLUMN remark_state.about_who IS 'detail: who sent that event, before ties; NULL until it has landed';
COMMENT ON COLUMN remark_state.value IS 'detail: what that event says';
COMMENT ON COLUMN remark_state.person IS 'Who, after ties';
COMMENT ON COLUMN remark_state.counts IS 'Not taken back; of details, also the one that counts for its event';
COMMENT ON COLUMN remark_state.interaction_id IS 'The interaction of its target; from here on NULL where there is none';
COMMENT ON COLUMN remark_state.prompt_name IS 'Name of its prompt';
COMMENT ON COLUMN remark_state.prompt_version IS 'Version of its prompt';
COMMENT ON COLUMN remark_state.model IS 'Its model';

CREATE TABLE exposure_state (
    target VARCHAR,
    part VARCHAR,
    who VARCHAR,
    surface VARCHAR,
    event_id UUID,
    first_seen_at TIMESTAMP,
    times BIGINT,
    visible_ms DOUBLE,
    person VARCHAR,
    alone BOOLEAN,
    first BOOLEAN,
    answered BOOLEAN,
    interaction_id UUID,
    prompt_name VARCHAR,
    prompt_version VARCHAR,
    model VARCHAR
);
COMMENT ON TABLE exposure_state IS 'What was seen, by the raw who, and what follows from it: from person on';
COMMENT ON COLUMN exposure_state.target IS 'What was seen';
COMMENT ON COLUMN exposure_state.part IS 'A part of the target, or an empty text';
COMMENT ON COLUMN exposure_state.who IS 'Who saw it, typed and before ties';
COMMENT ON COLUMN exposure_state.surface IS 'thumbs, suggestion or comment';
COMMENT ON COLUMN exposure_state.event_id IS 'One of its events: names the row';
COMMENT ON COLUMN exposure_state.first_seen_at IS 'When first, UTC';
COMMENT ON COLUMN exposure_state.times IS 'How often it was reported';
COMMENT ON COLUMN exposure_state.visible_ms IS 'Longest time visible, in milliseconds';
COMMENT ON COLUMN exposure_state.person IS 'Who saw it, after ties';
COMMENT ON COLUMN exposure_state.alone IS 'No other row has the same target, part, person and surface';
COMMENT ON COLUMN exposure_state.first IS 'Of the rows with the same target, part and person, this is the one to count';
COMMENT ON COLUMN exposure_state.answered IS 'The person now says something about the target and part';
COMMENT ON COLUMN exposure_state.interaction_id IS 'The interaction of the target; from here on NULL where there is none';
COMMENT ON COLUMN exposure_state.prompt_name IS 'Name of its prompt';
COMMENT ON COLUMN exposure_state.prompt_version IS 'Version of its prompt';
COMMENT ON COLUMN exposure_state.model IS 'Its model';
