-- Where landing was in sources that are gone from the log: one that comes back (a backup that was put back) is not
-- landed again.

CREATE TABLE removed_sources (
    source VARCHAR,
    next_offset BIGINT,
    removed_at TIMESTAMP
);
COMMENT ON TABLE removed_sources IS 'Sources of the event log that were landed whole and removed';
COMMENT ON COLUMN removed_sources.source IS 'Log file';
COMMENT ON COLUMN removed_sources.next_offset IS 'How many of its records had landed';
COMMENT ON COLUMN removed_sources.removed_at IS 'When it was removed, UTC';
