-- The tables of evals.duckdb: what is known of eval sets and their runs, to be joined with feedback. Each is filled
-- from rows that the room of evals hands over, by the names of the columns.

-- name: eval_sets
CREATE TABLE eval_sets (
    set_name VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    latest BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    note VARCHAR NOT NULL,
    cases INTEGER NOT NULL,
    held_out INTEGER NOT NULL,
    with_expected INTEGER NOT NULL,
    added INTEGER NOT NULL,
    retired INTEGER NOT NULL,
    sha256 VARCHAR NOT NULL,
    parent_sha256 VARCHAR
);
COMMENT ON TABLE eval_sets IS 'Versions of eval sets, a row each';
COMMENT ON COLUMN eval_sets.set_name IS 'name of the set';
COMMENT ON COLUMN eval_sets.version IS 'number of the version, from 1';
COMMENT ON COLUMN eval_sets.latest IS 'it is the newest version of its set';
COMMENT ON COLUMN eval_sets.created_at IS 'when it was made, UTC';
COMMENT ON COLUMN eval_sets.note IS 'why, as its maker said';
COMMENT ON COLUMN eval_sets.cases IS 'cases that it holds';
COMMENT ON COLUMN eval_sets.held_out IS 'cases of these that are held out';
COMMENT ON COLUMN eval_sets.with_expected IS 'cases of these that have an expected answer';
COMMENT ON COLUMN eval_sets.added IS 'cases that came in with it';
COMMENT ON COLUMN eval_sets.retired IS 'cases of the version before that it has no longer';
COMMENT ON COLUMN eval_sets.sha256 IS 'content hash of its cases';
COMMENT ON COLUMN eval_sets.parent_sha256 IS 'content hash of the version before; NULL for the first';

-- name: eval_cases
CREATE TABLE eval_cases (
    set_name VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    latest BOOLEAN NOT NULL,
    case_id VARCHAR NOT NULL,
    split VARCHAR NOT NULL,
    stratum VARCHAR NOT NULL,
    topic VARCHAR NOT NULL,
    input VARCHAR NOT NULL,
    input_messages JSON,
    variables JSON,
    output VARCHAR,
    expected VARCHAR,
    reference_kind VARCHAR NOT NULL,
    tags VARCHAR[] NOT NULL,
    target VARCHAR,
    event_ids UUID[] NOT NULL,
    reason VARCHAR NOT NULL,
    evidence VARCHAR,
    strategy VARCHAR NOT NULL,
    embedder VARCHAR NOT NULL,
    hardness DOUBLE,
    distance DOUBLE,
    signals JSON NOT NULL,
    inclusion_probability DOUBLE,
    prompt_name VARCHAR,
    prompt_version VARCHAR,
    model VARCHAR,
    since_version INTEGER
);
COMMENT ON TABLE eval_cases IS 'Cases of eval sets, a row for each case of each version';
COMMENT ON COLUMN eval_cases.set_name IS 'name of the set';
COMMENT ON COLUMN eval_cases.version IS 'number of the version';
COMMENT ON COLUMN eval_cases.latest IS 'it is the newest version of its set';
COMMENT ON COLUMN eval_cases.case_id IS 'SHA-256 of the normalised question: the same question is the same case, in every set and version';
COMMENT ON COLUMN eval_cases.split IS 'dev, or held_out: one question in five, for good';
COMMENT ON COLUMN eval_cases.stratum IS 'mined, random (drawn with a known chance), manual (chosen by a person) or synthetic (written by a model)';
COMMENT ON COLUMN eval_cases.topic IS 'the topic of traffic that it belongs to; an empty text where none was looked for';
COMMENT ON COLUMN eval_cases.input IS 'what the model is asked';
COMMENT ON COLUMN eval_cases.input_messages IS 'the same as messages, where it was asked in such';
COMMENT ON COLUMN eval_cases.variables IS 'the variables of the prompt';
COMMENT ON COLUMN eval_cases.output IS 'what production answered';
COMMENT ON COLUMN eval_cases.expected IS 'the answer that is expected, where people gave one, or a model wrote one from a text';
COMMENT ON COLUMN eval_cases.reference_kind IS 'where that comes from: annotation, human_edit, accepted, written, synthetic or none';
COMMENT ON COLUMN eval_cases.tags IS 'the tags of the interaction';
COMMENT ON COLUMN eval_cases.target IS 'the interaction that it was made of; NULL where it was written, by hand or by a model';
COMMENT ON COLUMN eval_cases.event_ids IS 'the events behind it: the interaction and what was said about it';
COMMENT ON COLUMN eval_cases.reason IS 'why it was picked';
COMMENT ON COLUMN eval_cases.evidence IS 'what a mined pick rests on: said, guessed or random';
COMMENT ON COLUMN eval_cases.strategy IS 'the way in which it was picked';
COMMENT ON COLUMN eval_cases.embedder IS 'what made the vectors for that; an empty text where there were none';
COMMENT ON COLUMN eval_cases.hardness IS 'how hard mining took it to be, 0 to 1';
COMMENT ON COLUMN eval_cases.distance IS 'how far it was from the set, 0 to 2';
COMMENT ON COLUMN eval_cases.signals IS 'mean dislike, 0 to 1, by kind of feedback';
COMMENT ON COLUMN eval_cases.inclusion_probability IS 'the chance with which it was drawn, in the random stratum';
COMMENT ON COLUMN eval_cases.prompt_name IS 'name of the prompt that was answered with';
COMMENT ON COLUMN eval_cases.prompt_version IS 'version of that prompt';
COMMENT ON COLUMN eval_cases.model IS 'the model that answered';
COMMENT ON COLUMN eval_cases.since_version IS 'the version that it came in with';

-- name: eval_candidates
CREATE TABLE eval_candidates (
    set_name VARCHAR NOT NULL,
    case_id VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    note VARCHAR NOT NULL,
    split VARCHAR NOT NULL,
    stratum VARCHAR NOT NULL,
    topic VARCHAR NOT NULL,
    input VARCHAR NOT NULL,
    output VARCHAR,
    expected VARCHAR,
    reference_kind VARCHAR NOT NULL,
    target VARCHAR,
    event_ids UUID[] NOT NULL,
    reason VARCHAR NOT NULL,
    evidence VARCHAR,
    strategy VARCHAR NOT NULL,
    embedder VARCHAR NOT NULL,
    hardness DOUBLE,
    distance DOUBLE,
    inclusion_probability DOUBLE,
    prompt_name VARCHAR,
    prompt_version VARCHAR,
    model VARCHAR
);
COMMENT ON TABLE eval_candidates IS 'What was proposed for eval sets, a row for each question of each set';
COMMENT ON COLUMN eval_candidates.set_name IS 'name of the set that it was proposed for';
COMMENT ON COLUMN eval_candidates.case_id IS 'the id of the case that it would become';
COMMENT ON COLUMN eval_candidates.state IS 'candidate, reviewed, declined or promoted';
COMMENT ON COLUMN eval_candidates.changed_at IS 'since when, UTC';
COMMENT ON COLUMN eval_candidates.note IS 'what was said with that';
COMMENT ON COLUMN eval_candidates.split IS 'dev, or held_out';
COMMENT ON COLUMN eval_candidates.stratum IS 'mined, random, manual or synthetic';
COMMENT ON COLUMN eval_candidates.topic IS 'the topic of traffic that it belongs to';
COMMENT ON COLUMN eval_candidates.input IS 'what the model is asked';
COMMENT ON COLUMN eval_candidates.output IS 'what production answered';
COMMENT ON COLUMN eval_candidates.expected IS 'the answer that is expected, where people gave one, or a model wrote one from a text';
COMMENT ON COLUMN eval_candidates.reference_kind IS 'where that comes from';
COMMENT ON COLUMN eval_candidates.target IS 'the interaction that it was made of';
COMMENT ON COLUMN eval_candidates.event_ids IS 'the events behind it';
COMMENT ON COLUMN eval_candidates.reason IS 'why it was picked';
COMMENT ON COLUMN eval_candidates.evidence IS 'what the pick rests on: said, guessed or random';
COMMENT ON COLUMN eval_candidates.strategy IS 'the way in which it was picked';
COMMENT ON COLUMN eval_candidates.embedder IS 'what made the vectors for that';
COMMENT ON COLUMN eval_candidates.hardness IS 'how hard mining took it to be, 0 to 1';
COMMENT ON COLUMN eval_candidates.distance IS 'how far it was from the set, 0 to 2';
COMMENT ON COLUMN eval_candidates.inclusion_probability IS 'the chance with which it was drawn, in the random stratum';
COMMENT ON COLUMN eval_candidates.prompt_name IS 'name of the prompt that was answered with';
COMMENT ON COLUMN eval_candidates.prompt_version IS 'version of that prompt';
COMMENT ON COLUMN eval_candidates.model IS 'the model that answered';

-- name: eval_runs
CREATE TABLE eval_runs (
    run_id VARCHAR NOT NULL,
    identity VARCHAR NOT NULL,
    set_name VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    set_sha256 VARCHAR NOT NULL,
    split VARCHAR NOT NULL,
    prompt_name VARCHAR,
    prompt_version VARCHAR,
    prompt_sha256 VARCHAR,
    prompt_commit VARCHAR,
    prompt_dirty BOOLEAN,
    prompt_path VARCHAR,
    system_kind VARCHAR NOT NULL,
    system_name VARCHAR NOT NULL,
    samples INTEGER NOT NULL,
    seed BIGINT NOT NULL,
    scorers VARCHAR[] NOT NULL,
    created_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    cases INTEGER NOT NULL,
    answered INTEGER,
    unanswered INTEGER,
    scored INTEGER,
    passed INTEGER,
    mean DOUBLE,
    low DOUBLE,
    high DOUBLE,
    tokens_in BIGINT,
    tokens_out BIGINT,
    cost DOUBLE,
    code_version VARCHAR,
    erased INTEGER NOT NULL,
    note VARCHAR NOT NULL
);
COMMENT ON TABLE eval_runs IS 'Runs of eval sets, a row each, those that are not finished too';
COMMENT ON COLUMN eval_runs.run_id IS 'what commands call it';
COMMENT ON COLUMN eval_runs.identity IS 'hash of all that decides what is answered and how that is scored: runs of one identity differ by chance alone';
COMMENT ON COLUMN eval_runs.set_name IS 'name of the set that was run';
COMMENT ON COLUMN eval_runs.version IS 'number of its version';
COMMENT ON COLUMN eval_runs.set_sha256 IS 'content hash of the cases of that version, as they were then';
COMMENT ON COLUMN eval_runs.split IS 'which side of it was run: dev, held_out or all';
COMMENT ON COLUMN eval_runs.prompt_name IS 'name of the prompt; NULL, as all of it, where what answers has its own';
COMMENT ON COLUMN eval_runs.prompt_version IS 'what production calls the text of that prompt';
COMMENT ON COLUMN eval_runs.prompt_sha256 IS 'content hash of that text';
COMMENT ON COLUMN eval_runs.prompt_commit IS 'the commit of git that it comes from, where that is known';
COMMENT ON COLUMN eval_runs.prompt_dirty IS 'the file had changes since that commit';
COMMENT ON COLUMN eval_runs.prompt_path IS 'the file';
COMMENT ON COLUMN eval_runs.system_kind IS 'what answered: model, service, command or function';
COMMENT ON COLUMN eval_runs.system_name IS 'the name of that';
COMMENT ON COLUMN eval_runs.samples IS 'answers to each case';
COMMENT ON COLUMN eval_runs.seed IS 'what chance was drawn with';
COMMENT ON COLUMN eval_runs.scorers IS 'what scored the answers; the first that suited a case gave its score';
COMMENT ON COLUMN eval_runs.created_at IS 'when it was begun, UTC';
COMMENT ON COLUMN eval_runs.finished_at IS 'when all its cases had their answers, UTC; NULL while some are missing, and what follows but cases is NULL then too';
COMMENT ON COLUMN eval_runs.cases IS 'cases that are run';
COMMENT ON COLUMN eval_runs.answered IS 'answers, over all samples';
COMMENT ON COLUMN eval_runs.unanswered IS 'cases without one, over all samples';
COMMENT ON COLUMN eval_runs.scored IS 'answers with a score';
COMMENT ON COLUMN eval_runs.passed IS 'answers that passed';
COMMENT ON COLUMN eval_runs.mean IS 'mean score, 0 to 1, over cases, of each the mean over its samples';
COMMENT ON COLUMN eval_runs.low IS 'low end of its 95 % interval';
COMMENT ON COLUMN eval_runs.high IS 'high end of that';
COMMENT ON COLUMN eval_runs.tokens_in IS 'tokens that were sent to what answered';
COMMENT ON COLUMN eval_runs.tokens_out IS 'tokens that it sent';
COMMENT ON COLUMN eval_runs.cost IS 'money for it; NULL where nobody says';
COMMENT ON COLUMN eval_runs.code_version IS 'version of sayso that ran it';
COMMENT ON COLUMN eval_runs.erased IS 'results out of which an erasure took what was answered; their scores still count';
COMMENT ON COLUMN eval_runs.note IS 'why, as whoever ran it said';

-- name: eval_results
CREATE TABLE eval_results (
    run_id VARCHAR NOT NULL,
    case_id VARCHAR NOT NULL,
    sample INTEGER NOT NULL,
    target VARCHAR GENERATED ALWAYS AS (
        CASE WHEN NOT starts_with(case_id, 'erased') THEN 'eval:' || run_id || ':' || case_id || ':' || "sample" END
    ),
    split VARCHAR NOT NULL,
    stratum VARCHAR NOT NULL,
    topic VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    output VARCHAR,
    scorer VARCHAR,
    score DOUBLE,
    passed BOOLEAN,
    scores JSON NOT NULL,
    why VARCHAR,
    problem VARCHAR NOT NULL,
    latency_ms DOUBLE,
    tokens_in BIGINT NOT NULL,
    tokens_out BIGINT NOT NULL,
    cost DOUBLE,
    recalled BOOLEAN NOT NULL
);
COMMENT ON TABLE eval_results IS 'Results of runs that are finished, a row for each answer to each case';
COMMENT ON COLUMN eval_results.run_id IS 'the run';
COMMENT ON COLUMN eval_results.case_id IS 'the case, as in eval_cases; begins with erased where it was erased';
COMMENT ON COLUMN eval_results.sample IS 'which of several answers to it, from 0';
COMMENT ON COLUMN eval_results.target IS 'the target under which the answer is sent to be thumbed, where it is; NULL where the case was erased';
COMMENT ON COLUMN eval_results.split IS 'dev, or held_out';
COMMENT ON COLUMN eval_results.stratum IS 'mined, random, manual or synthetic';
COMMENT ON COLUMN eval_results.topic IS 'the topic of traffic that it belongs to';
COMMENT ON COLUMN eval_results.outcome IS 'answered, or by name why not: declined, refused, unavailable and so on';
COMMENT ON COLUMN eval_results.output IS 'what was answered; NULL once it was erased';
COMMENT ON COLUMN eval_results.scorer IS 'what gave the score; NULL where nothing could';
COMMENT ON COLUMN eval_results.score IS 'how good the answer is, 0 to 1; 0 where what answers failed by its own fault, NULL where it was not reached';
COMMENT ON COLUMN eval_results.passed IS 'whether that is good enough';
COMMENT ON COLUMN eval_results.scores IS 'the scores by everything that scored it, by name';
COMMENT ON COLUMN eval_results.why IS 'the reasons of what gave the score, in words; NULL once they were erased';
COMMENT ON COLUMN eval_results.problem IS 'what went wrong, in words; an empty text where nothing did';
COMMENT ON COLUMN eval_results.latency_ms IS 'milliseconds that the answer took; NULL where it was kept from before';
COMMENT ON COLUMN eval_results.tokens_in IS 'tokens that were sent for it';
COMMENT ON COLUMN eval_results.tokens_out IS 'tokens that came';
COMMENT ON COLUMN eval_results.cost IS 'money for it, whether spent now or when a kept answer was made; NULL where nobody says';
COMMENT ON COLUMN eval_results.recalled IS 'the answer was kept from before';
