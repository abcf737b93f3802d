-- The facts as they landed, what was refused, what was lost on the way, and how far the lander is.
-- No primary keys and no indexes on the hot tables: an index over 10 million ids costs more than the joins that follow.

CREATE TABLE events (
    event_id UUID,
    kind VARCHAR,
    target VARCHAR,
    part VARCHAR,
    occurred_at TIMESTAMP,
    occurred_at_sent TIMESTAMP,
    received_at TIMESTAMP,
    sent_at TIMESTAMP,
    landed_at TIMESTAMP,
    landing BIGINT,
    seq BIGINT,
    actor VARCHAR,
    anonymous VARCHAR,
    session VARCHAR,
    who VARCHAR,
    verified BOOLEAN,
    sample_rate DOUBLE,
    key_id VARCHAR,
    key_kind VARCHAR,
    source_sdk VARCHAR,
    meta JSON,
    extra JSON,
    content_hash UBIGINT,
    name VARCHAR,
    rubric VARCHAR,
    value VARCHAR,
    score DOUBLE,
    previous VARCHAR,
    about UUID,
    "of" UUID,
    reasons VARCHAR[],
    comment VARCHAR,
    text VARCHAR,
    category VARCHAR,
    expected VARCHAR,
    outcome VARCHAR,
    original VARCHAR,
    proposed VARCHAR,
    final VARCHAR,
    decided_in_ms DOUBLE,
    survival_after_s DOUBLE,
    survival_kept DOUBLE,
    min DOUBLE,
    max DOUBLE,
    chosen VARCHAR,
    rejected VARCHAR[],
    label VARCHAR,
    note VARCHAR,
    judge VARCHAR,
    rationale VARCHAR,
    surface VARCHAR,
    visible_ms DOUBLE,
    input VARCHAR,
    input_messages JSON,
    output VARCHAR,
    output_messages JSON,
    variables JSON,
    prompt_name VARCHAR,
    prompt_version VARCHAR,
    model VARCHAR,
    params JSON,
    latency_ms DOUBLE,
    usage JSON,
    cost DOUBLE,
    contexts JSON,
    tags VARCHAR[],
    parent VARCHAR,
    release VARCHAR,
    variant_experiment VARCHAR,
    variant_arm VARCHAR,
    candidates JSON,
    chosen_id VARCHAR,
    chosen_by VARCHAR,
    trace_id VARCHAR,
    span_id VARCHAR,
    log_source VARCHAR,
    log_offset BIGINT
);
COMMENT ON TABLE events IS 'Every fact: one row per event id, the first copy that landed';
COMMENT ON COLUMN events.event_id IS 'The id the client made, once: the idempotency key';
COMMENT ON COLUMN events.kind IS 'What the event says: thumb, comment, interaction, ...';
COMMENT ON COLUMN events.target IS 'The application''s own id of the thing the event is about';
COMMENT ON COLUMN events.part IS 'A part inside the target: a retrieved chunk, a tool call, a paragraph';
COMMENT ON COLUMN events.occurred_at IS 'When it happened, UTC, corrected for a client clock that is wrong by ten minutes or more';
COMMENT ON COLUMN events.occurred_at_sent IS 'When it happened according to the client''s clock, UTC';
COMMENT ON COLUMN events.received_at IS 'When the collector received it, UTC';
COMMENT ON COLUMN events.sent_at IS 'When the client sent it according to its own clock, UTC';
COMMENT ON COLUMN events.landed_at IS 'When the lander wrote this row, UTC';
COMMENT ON COLUMN events.landing IS 'The number of the lander''s transaction that wrote this row';
COMMENT ON COLUMN events.seq IS 'The client''s own counter; orders events of the same instant';
COMMENT ON COLUMN events.actor IS 'The pseudonymous person or annotator';
COMMENT ON COLUMN events.anonymous IS 'The browser''s own id, where no actor is known';
COMMENT ON COLUMN events.session IS 'The application''s session id';
COMMENT ON COLUMN events.who IS 'Who said it, typed and before ties: actor:x, anonymous:x, session:x, judge:x or event:id';
COMMENT ON COLUMN events.verified IS 'Sent with a secret key, not by an open browser key';
COMMENT ON COLUMN events.sample_rate IS 'The share of such events that the client sends, 0 to 1';
COMMENT ON COLUMN events.key_id IS 'The key that sent it';
COMMENT ON COLUMN events.key_kind IS 'Kind of that key: sk or pk';
COMMENT ON COLUMN events.source_sdk IS 'The client library and its version';
COMMENT ON COLUMN events.meta IS 'What the application added';
COMMENT ON COLUMN events.extra IS 'Fields this version does not know, kept as they came';
COMMENT ON COLUMN events.content_hash IS 'Hash of kind, target, part and body: tells a repeat from a reused id';
COMMENT ON COLUMN events.name IS 'The dimension asked about (accuracy, tone), or the name of a signal or outcome';
COMMENT ON COLUMN events.rubric IS 'The rubric of an annotation or judgement';
COMMENT ON COLUMN events.value IS 'What was said, as text: up, accepted, 4, a comment; NULL takes it back';
COMMENT ON COLUMN events.score IS 'What was said, as a number, where it is one';
COMMENT ON COLUMN events.previous IS 'thumb: the value before this one, as the client saw it';
COMMENT ON COLUMN events.about IS 'detail: the event it explains';
COMMENT ON COLUMN events."of" IS 'retraction: the event it takes back';
COMMENT ON COLUMN events.reasons IS 'detail: the reasons that were picked';
COMMENT ON COLUMN events.comment IS 'detail: what was written';
COMMENT ON COLUMN events.text IS 'comment: what was written';
COMMENT ON COLUMN events.category IS 'comment: its category';
COMMENT ON COLUMN events.expected IS 'comment, annotation: what the answer should have been';
COMMENT ON COLUMN events.outcome IS 'suggestion: accepted, edited, rejected or undone; NULL for a survival report';
COMMENT ON COLUMN events.original IS 'suggestion: the text before';
COMMENT ON COLUMN events.proposed IS 'suggestion: the text the model proposed';
COMMENT ON COLUMN events.final IS 'suggestion: the text the person kept';
COMMENT ON COLUMN events.decided_in_ms IS 'suggestion: milliseconds from shown to decided';
COMMENT ON COLUMN events.survival_after_s IS 'suggestion: seconds after the decision at which survival was measured';
COMMENT ON COLUMN events.survival_kept IS 'suggestion: share of the text still there then, 0 to 1';
COMMENT ON COLUMN events.min IS 'rating: lowest possible value';
COMMENT ON COLUMN events.max IS 'rating: highest possible value';
COMMENT ON COLUMN events.chosen IS 'preference: id of the candidate that was chosen';
COMMENT ON COLUMN events.rejected IS 'preference: ids of the candidates that were not';
COMMENT ON COLUMN events.label IS 'annotation, judgement: the label given';
COMMENT ON COLUMN events.note IS 'annotation: a remark';
COMMENT ON COLUMN events.judge IS 'judgement: the model that judged';
COMMENT ON COLUMN events.rationale IS 'judgement: why';
COMMENT ON COLUMN events.surface IS 'exposure: what was seen: thumbs, suggestion or comment';
COMMENT ON COLUMN events.visible_ms IS 'exposure: milliseconds it was visible';
COMMENT ON COLUMN events.input IS 'interaction: what the model was asked; of messages, the last one''s text';
COMMENT ON COLUMN events.input_messages IS 'interaction: the messages it was asked with, where messages were sent';
COMMENT ON COLUMN events.output IS 'interaction: what it answered; of messages, the last one''s text';
COMMENT ON COLUMN events.output_messages IS 'interaction: the messages it answered with, where messages were sent';
COMMENT ON COLUMN events.variables IS 'interaction: the values filled into the prompt';
COMMENT ON COLUMN events.prompt_name IS 'interaction: name of the prompt';
COMMENT ON COLUMN events.prompt_version IS 'interaction: version of the prompt';
COMMENT ON COLUMN events.model IS 'interaction: the model';
COMMENT ON COLUMN events.params IS 'interaction: the model''s parameters';
COMMENT ON COLUMN events.latency_ms IS 'interaction: milliseconds until the answer';
COMMENT ON COLUMN events.usage IS 'interaction: tokens and the like';
COMMENT ON COLUMN events.cost IS 'interaction: what it cost, in the application''s currency';
COMMENT ON COLUMN events.contexts IS 'interaction: retrieved texts, a list of {id, text}';
COMMENT ON COLUMN events.tags IS 'interaction: the application''s tags';
COMMENT ON COLUMN events.parent IS 'interaction: the target this is a step of';
COMMENT ON COLUMN events.release IS 'interaction: application version or commit';
COMMENT ON COLUMN events.variant_experiment IS 'interaction: the experiment it was part of';
COMMENT ON COLUMN events.variant_arm IS 'interaction: the arm of that experiment';
COMMENT ON COLUMN events.candidates IS 'interaction: the answers that were in the choice';
COMMENT ON COLUMN events.chosen_id IS 'interaction: id of the candidate that was used';
COMMENT ON COLUMN events.chosen_by IS 'interaction: who or what chose it';
COMMENT ON COLUMN events.trace_id IS 'interaction: id of the trace elsewhere';
COMMENT ON COLUMN events.span_id IS 'interaction: id of the span elsewhere';
COMMENT ON COLUMN events.log_source IS 'The log file or partition it came from';
COMMENT ON COLUMN events.log_offset IS 'The record in that source';

CREATE TABLE rejects (
    reject_id UUID,
    received_at TIMESTAMP,
    landed_at TIMESTAMP,
    key_id VARCHAR,
    key_kind VARCHAR,
    reason VARCHAR,
    detail JSON,
    event_id VARCHAR,
    kind VARCHAR,
    raw BLOB,
    length BIGINT,
    sha256 VARCHAR
);
COMMENT ON TABLE rejects IS 'What was refused: why, and the first 64 KB of it';
COMMENT ON COLUMN rejects.reject_id IS 'Made from the position in the log';
COMMENT ON COLUMN rejects.received_at IS 'When the collector received it, UTC';
COMMENT ON COLUMN rejects.landed_at IS 'When the lander wrote this row, UTC';
COMMENT ON COLUMN rejects.key_id IS 'The key that sent it';
COMMENT ON COLUMN rejects.key_kind IS 'Kind of that key: sk or pk';
COMMENT ON COLUMN rejects.reason IS 'Why, from a closed list';
COMMENT ON COLUMN rejects.detail IS 'What exactly was wrong';
COMMENT ON COLUMN rejects.event_id IS 'The event''s id, as far as it had one';
COMMENT ON COLUMN rejects.kind IS 'The event''s kind, as far as it had one';
COMMENT ON COLUMN rejects.raw IS 'The first 64 KB of what came';
COMMENT ON COLUMN rejects.length IS 'Bytes of all of it';
COMMENT ON COLUMN rejects.sha256 IS 'SHA-256 of all of it, in hex';

CREATE TABLE counts (
    landed_at TIMESTAMP,
    key_id VARCHAR,
    hop VARCHAR,
    reason VARCHAR,
    n BIGINT
);
COMMENT ON TABLE counts IS 'What did not become a row, by reason: repeats, and what clients say they dropped';
COMMENT ON COLUMN counts.landed_at IS 'When the lander wrote this row, UTC';
COMMENT ON COLUMN counts.key_id IS 'The key that sent it';
COMMENT ON COLUMN counts.hop IS 'Where: client (dropped before sending) or lander (repeats of an id)';
COMMENT ON COLUMN counts.reason IS 'Why';
COMMENT ON COLUMN counts.n IS 'How many';

CREATE TABLE positions (
    source VARCHAR,
    next_offset BIGINT
);
COMMENT ON TABLE positions IS 'The next offset to read of each source of the event log';
COMMENT ON COLUMN positions.source IS 'Log file or partition';
COMMENT ON COLUMN positions.next_offset IS 'The next offset to read';

CREATE TABLE progress (
    landing BIGINT,
    folded BIGINT
);
COMMENT ON TABLE progress IS 'How far landing and folding are; one row';
COMMENT ON COLUMN progress.landing IS 'The number of the last landing';
COMMENT ON COLUMN progress.folded IS 'The last landing that is in the state tables';

INSERT INTO progress VALUES (0, 0);

CREATE TABLE published (
    published_at TIMESTAMP,
    events BIGINT,
    rejects BIGINT,
    last_received_at TIMESTAMP,
    last_landed_at TIMESTAMP,
    landing BIGINT
);
COMMENT ON TABLE published IS 'When this copy was made and what it holds; one row';
COMMENT ON COLUMN published.published_at IS 'When this copy was made, UTC';
COMMENT ON COLUMN published.events IS 'Events in it';
COMMENT ON COLUMN published.rejects IS 'Rejects in it';
COMMENT ON COLUMN published.last_received_at IS 'When the youngest event in it reached the collector, UTC';
COMMENT ON COLUMN published.last_landed_at IS 'When the youngest event in it was landed, UTC';
COMMENT ON COLUMN published.landing IS 'The number of the last landing in it';
