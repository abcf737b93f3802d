-- What `sayso report` says, of all prompts or of the one that is named.

-- name: problems
-- What was complained of most in the last seven days.
SELECT source, what, n, people, share, share_low, share_high, recent, before, trend
FROM what_goes_wrong
WHERE recent > 0
ORDER BY recent DESC, source, what
LIMIT 10;

-- name: versions
-- How prompt versions were liked.
SELECT prompt_name, prompt_version, interactions, response_rate, thumbs, people, up_rate, up_low, up_high
FROM prompt_versions
WHERE name = '' AND thumbs > 0 AND ($prompt::VARCHAR IS NULL OR prompt_name = $prompt)
ORDER BY prompt_name, prompt_version;

-- name: outcomes
-- What became of suggestions.
SELECT prompt_name, prompt_version, decided, people, accept_rate, accept_low, accept_high, accepted, edited, rejected, undone
FROM suggestion_outcomes
WHERE $prompt::VARCHAR IS NULL OR prompt_name = $prompt;

-- name: worst
-- The answers that most people disliked since $since, with what they said.
SELECT people, prompt_name, prompt_version, reasons, comments, input, output, last_at
FROM worst
WHERE ($since::TIMESTAMP IS NULL OR last_at > $since) AND ($prompt::VARCHAR IS NULL OR prompt_name = $prompt)
ORDER BY people DESC, last_at DESC, target
LIMIT 5;

-- name: used
-- The versions of a prompt, the newest first: the one that came into use last, by day, for two of an experiment start together.
SELECT prompt_version
FROM interaction_state
WHERE prompt_name = $prompt AND prompt_version IS NOT NULL
GROUP BY prompt_version
ORDER BY min(occurred_at)::DATE DESC, prompt_version DESC;

-- name: prompts
-- The prompts there are.
SELECT DISTINCT prompt_name FROM interaction_state WHERE prompt_name IS NOT NULL ORDER BY prompt_name;

-- name: preferred
-- How answers of a prompt are liked by their length, speed and cost.
SELECT * FROM proxies WHERE prompt_name = $prompt;
