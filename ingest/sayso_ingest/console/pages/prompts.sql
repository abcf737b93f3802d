-- The versions of prompts.

-- name: versions
-- How each version was liked, where its text is, and when it was used.
WITH texts AS (
    SELECT prompt_name, prompt_version, max_by(prompt_commit, occurred_at) AS prompt_commit,
        max_by(prompt_path, occurred_at) AS prompt_path, min(occurred_at) AS first_at, max(occurred_at) AS last_at
    FROM interaction_state
    GROUP BY ALL
)
SELECT v.prompt_name, v.prompt_version, v.interactions, v.response_rate, v.thumbs, v.people, v.up_rate, v.up_low, v.up_high,
    t.last_at, t.first_at, t.prompt_commit, t.prompt_path
FROM prompt_versions v
LEFT JOIN texts t ON t.prompt_name IS NOT DISTINCT FROM v.prompt_name
    AND t.prompt_version IS NOT DISTINCT FROM v.prompt_version
WHERE v.name = '' AND (v.prompt_name IS NOT NULL OR v.prompt_version IS NOT NULL)
ORDER BY v.prompt_name, t.last_at DESC, v.prompt_version;

-- name: text
-- The system message that a version was last seen with, where whole messages were sent; no row where none was.
SELECT json_extract_string(input_messages, '$[0].content') AS text
FROM interactions
WHERE prompt_version = $version AND prompt_name IS NOT DISTINCT FROM $prompt
  AND json_extract_string(input_messages, '$[0].role') IN ('system', 'developer')
ORDER BY occurred_at DESC
LIMIT 1;
