-- What was removed again: by age, or because somebody asked for it. Nothing here names anybody.

CREATE TABLE removals (
    removed_at TIMESTAMP,
    why VARCHAR,
    what VARCHAR,
    before TIMESTAMP,
    n BIGINT
);
COMMENT ON TABLE removals IS 'How much was removed from this warehouse, when and why';
COMMENT ON COLUMN removals.removed_at IS 'When it was removed, UTC';
COMMENT ON COLUMN removals.why IS 'age or erasure';
COMMENT ON COLUMN removals.what IS 'A kind of event, texts (of interactions whose row stays) or rejects';
COMMENT ON COLUMN removals.before IS 'age: what had been received before this time, UTC';
COMMENT ON COLUMN removals.n IS 'How many';

CREATE TABLE erased_ids (
    event_id UUID
);
COMMENT ON TABLE erased_ids IS 'Events that were erased: sent again, they do not land again';
COMMENT ON COLUMN erased_ids.event_id IS 'The id the client made';
