-- State folded from the events: what `verdicts` and `interactions` start from. It can be rebuilt from the events.

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
    key_id VARCHAR
);
COMMENT ON TABLE verdict_state IS 'The highest event of each verdict key, by the raw who';
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

CREATE TABLE interaction_state (
    target VARCHAR,
    occurred_at TIMESTAMP,
    seq BIGINT,
    event_id UUID
);
COMMENT ON TABLE interaction_state IS 'The highest interaction event of each target';
COMMENT ON COLUMN interaction_state.target IS 'The interaction''s target';
COMMENT ON COLUMN interaction_state.occurred_at IS 'When the winning event happened, UTC, corrected';
COMMENT ON COLUMN interaction_state.seq IS 'Its counter, -1 where it had none';
COMMENT ON COLUMN interaction_state.event_id IS 'The winning event';

CREATE TABLE ties (
    anonymous VARCHAR,
    actor VARCHAR
);
COMMENT ON TABLE ties IS 'Which browser ids were seen together with which actors';
COMMENT ON COLUMN ties.anonymous IS 'The browser''s own id';
COMMENT ON COLUMN ties.actor IS 'An actor it was sent with';
