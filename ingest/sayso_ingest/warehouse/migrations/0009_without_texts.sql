-- What everyday questions would otherwise look up among all events, and mostly make of their texts.

ALTER TABLE interaction_state ADD COLUMN who VARCHAR;
ALTER TABLE interaction_state ADD COLUMN who_key UINTEGER;
ALTER TABLE interaction_state ADD COLUMN person VARCHAR;
ALTER TABLE interaction_state ADD COLUMN input_key UINTEGER;
ALTER TABLE interaction_state ADD COLUMN output_chars BIGINT;
ALTER TABLE interaction_state ADD COLUMN refusal BOOLEAN;
ALTER TABLE interaction_state ADD COLUMN cost DOUBLE;
ALTER TABLE interaction_state ADD COLUMN choice VARCHAR;
ALTER TABLE interaction_state ADD COLUMN candidates BIGINT;
ALTER TABLE interaction_state ADD COLUMN chosen_by VARCHAR;
ALTER TABLE interaction_state ADD COLUMN prompt_commit VARCHAR;
ALTER TABLE interaction_state ADD COLUMN prompt_dirty BOOLEAN;
ALTER TABLE interaction_state ADD COLUMN prompt_path VARCHAR;
COMMENT ON COLUMN interaction_state.who IS 'Who it was for, typed and before ties';
COMMENT ON COLUMN interaction_state.who_key IS 'Stands for who, where that is a browser id: alias_key_of(who)';
COMMENT ON COLUMN interaction_state.person IS 'Who it was for, after ties';
COMMENT ON COLUMN interaction_state.input_key IS 'Stands for what was asked, in lower case: key_of(lower(trim(input)))';
COMMENT ON COLUMN interaction_state.output_chars IS 'Length of its answer';
COMMENT ON COLUMN interaction_state.refusal IS 'Its answer begins as a refusal does: says_no(output)';
COMMENT ON COLUMN interaction_state.cost IS 'What it cost, in the application''s currency';
COMMENT ON COLUMN interaction_state.choice IS 'single, chosen or criticised: choice_of(candidates)';
COMMENT ON COLUMN interaction_state.candidates IS 'How many answers were made';
COMMENT ON COLUMN interaction_state.chosen_by IS 'Who or what chose among them';
COMMENT ON COLUMN interaction_state.prompt_commit IS 'The git commit that wrote its prompt''s file';
COMMENT ON COLUMN interaction_state.prompt_dirty IS 'Whether the prompt''s text was another than that commit''s';
COMMENT ON COLUMN interaction_state.prompt_path IS 'The prompt''s file, from the top of its repository';

ALTER TABLE verdict_state ADD COLUMN expected VARCHAR;
ALTER TABLE verdict_state ADD COLUMN prompt_commit VARCHAR;
ALTER TABLE verdict_state ADD COLUMN prompt_dirty BOOLEAN;
ALTER TABLE verdict_state ADD COLUMN prompt_path VARCHAR;
ALTER TABLE verdict_state ADD COLUMN exact BOOLEAN;
ALTER TABLE verdict_state ADD COLUMN same BOOLEAN;
ALTER TABLE verdict_state ADD COLUMN overlap DOUBLE;
COMMENT ON COLUMN verdict_state.expected IS 'What the answer should have been, where somebody says so';
COMMENT ON COLUMN verdict_state.prompt_commit IS 'The git commit that wrote the prompt''s file';
COMMENT ON COLUMN verdict_state.prompt_dirty IS 'Whether the prompt''s text was another than that commit''s';
COMMENT ON COLUMN verdict_state.prompt_path IS 'The prompt''s file, from the top of its repository';
COMMENT ON COLUMN verdict_state.exact IS 'The answer is the expected one to the letter';
COMMENT ON COLUMN verdict_state.same IS 'It is, without regard to case, punctuation and space';
COMMENT ON COLUMN verdict_state.overlap IS 'The share of words that both have in common: word_overlap(expected, output)';

CREATE TABLE report_state (
    kind VARCHAR,
    event_id UUID,
    occurred_at TIMESTAMP,
    seq BIGINT,
    target VARCHAR,
    part VARCHAR,
    who VARCHAR,
    name VARCHAR,
    value VARCHAR,
    score DOUBLE,
    survival_after_s DOUBLE,
    survival_kept DOUBLE
);
COMMENT ON TABLE report_state IS 'Every signal, outcome and report of what survived of a suggestion';
COMMENT ON COLUMN report_state.kind IS 'signal, outcome or survival';
COMMENT ON COLUMN report_state.event_id IS 'Its event';
COMMENT ON COLUMN report_state.occurred_at IS 'When, UTC, corrected';
COMMENT ON COLUMN report_state.seq IS 'Its counter, -1 where it had none';
COMMENT ON COLUMN report_state.target IS 'What it is about';
COMMENT ON COLUMN report_state.part IS 'A part of the target, or an empty text';
COMMENT ON COLUMN report_state.who IS 'Who, typed and before ties';
COMMENT ON COLUMN report_state.name IS 'Name of the signal or outcome; of a survival, the dimension asked about';
COMMENT ON COLUMN report_state.value IS 'What it says, as text';
COMMENT ON COLUMN report_state.score IS 'What it says, as a number, where it is one';
COMMENT ON COLUMN report_state.survival_after_s IS 'survival: seconds after the decision';
COMMENT ON COLUMN report_state.survival_kept IS 'survival: share of the text still there then, 0 to 1';

CREATE TABLE decision_state (
    event_id UUID,
    decided_in_ms DOUBLE,
    similarity DOUBLE,
    length_change DOUBLE,
    same_words BOOLEAN,
    words_kept DOUBLE,
    removed VARCHAR[],
    added VARCHAR[]
);
COMMENT ON TABLE decision_state IS 'Every event that decides about a suggestion, without its texts; the columns from similarity on are of edited ones';
COMMENT ON COLUMN decision_state.event_id IS 'Its event';
COMMENT ON COLUMN decision_state.decided_in_ms IS 'Milliseconds from shown to decided';
COMMENT ON COLUMN decision_state.similarity IS 'Jaro-Winkler similarity of the proposed and the final text, 0 to 1';
COMMENT ON COLUMN decision_state.length_change IS 'Characters of the final text over those of the proposed one, less 1; NULL from here on where one is empty';
COMMENT ON COLUMN decision_state.same_words IS 'Both have the same words in the same order';
COMMENT ON COLUMN decision_state.words_kept IS 'Share of the proposed words that are in the final text';
COMMENT ON COLUMN decision_state.removed IS 'The words that are in the proposed text only, each once';
COMMENT ON COLUMN decision_state.added IS 'The words that are in the final text only, each once';

-- What is folded already gets what fold.sql and settle.sql would give it.

TRUNCATE interaction_state;
INSERT INTO interaction_state BY NAME
SELECT target, occurred_at, coalesce(seq, -1) AS seq, event_id, session, prompt_name, prompt_version, prompt_commit,
    prompt_dirty, prompt_path, model, release, tags, latency_ms, cost, variant_experiment, variant_arm,
    key_of(target) AS target_key, key_of(session) AS session_key, e.who, alias_key_of(e.who) AS who_key,
    coalesce(i.who, e.who) AS person, key_of(lower(trim(input))) AS input_key, len(output) AS output_chars,
    says_no(output) AS refusal, choice_of(candidates) AS choice,
    coalesce(json_array_length(candidates), 1) AS candidates,
    CASE WHEN candidates IS NOT NULL THEN chosen_by END AS chosen_by
FROM events e
LEFT JOIN identity_state i ON i.alias = e.who
WHERE kind = 'interaction' AND landing <= (SELECT folded FROM progress)
  AND event_id NOT IN (FROM replaced_interactions);

UPDATE verdict_state v
SET prompt_commit = i.prompt_commit, prompt_dirty = i.prompt_dirty, prompt_path = i.prompt_path
FROM interaction_state i
WHERE i.event_id = v.interaction_id;

UPDATE verdict_state v
SET expected = e.expected
FROM events e
WHERE e.event_id = v.event_id AND e.expected IS NOT NULL AND e.kind IN ('annotation', 'comment');

UPDATE verdict_state v
SET exact = v.expected = e.output, same = plain(v.expected) = plain(e.output),
    overlap = word_overlap(v.expected, e.output)
FROM events e
WHERE v.expected IS NOT NULL AND e.event_id = v.interaction_id AND e.kind = 'interaction';

INSERT INTO report_state BY NAME
SELECT CASE kind WHEN 'suggestion' THEN 'survival' ELSE kind END AS kind, event_id, occurred_at,
    coalesce(seq, -1) AS seq, target, coalesce(part, '') AS part, who, name, value, score, survival_after_s,
    survival_kept
FROM events
WHERE landing <= (SELECT folded FROM progress)
  AND (kind IN ('signal', 'outcome') OR (kind = 'suggestion' AND outcome IS NULL));

INSERT INTO decision_state BY NAME
SELECT event_id, decided_in_ms, CASE outcome WHEN 'edited' THEN jaro_winkler_similarity(proposed, final) END AS similarity,
    unnest(CASE outcome WHEN 'edited' THEN edit_of(proposed, final) END)
FROM events
WHERE landing <= (SELECT folded FROM progress) AND kind = 'suggestion' AND outcome IS NOT NULL;
