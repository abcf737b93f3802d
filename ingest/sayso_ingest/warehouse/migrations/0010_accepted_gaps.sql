-- What a person decided where the log was not as it had been left: which records are not landed, or are read again.

CREATE TABLE accepted_gaps (
    accepted_at TIMESTAMP,
    source VARCHAR,
    stored BIGINT,
    next_offset BIGINT,
    what VARCHAR
);
COMMENT ON TABLE accepted_gaps IS 'Where the log was not as it had been left, and a person had landing go on (sayso log accept)';
COMMENT ON COLUMN accepted_gaps.accepted_at IS 'When it was accepted, UTC';
COMMENT ON COLUMN accepted_gaps.source IS 'Log file or partition';
COMMENT ON COLUMN accepted_gaps.stored IS 'The next offset to read until then; NULL where none had landed';
COMMENT ON COLUMN accepted_gaps.next_offset IS 'The next offset to read since; NULL where the source is not read any more';
COMMENT ON COLUMN accepted_gaps.what IS 'What was skipped or read again, in words';
