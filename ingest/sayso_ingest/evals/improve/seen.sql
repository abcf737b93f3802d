-- What production says of versions of prompts.

-- name: versions
-- How each version was liked, when it was used, and from which texts in git: the commit, whether it was changed since,
-- and the file, as the events say; those last used first.
WITH texts AS (
    SELECT prompt_name, prompt_version, min(first_at) AS first_at, max(last_at) AS last_at,
        list({'commit': prompt_commit, 'dirty': prompt_dirty, 'path': prompt_path}
            ORDER BY last_at DESC, prompt_commit, prompt_path)
            FILTER (prompt_commit IS NOT NULL OR prompt_path IS NOT NULL) AS places
    FROM prompts_in_git
    GROUP BY ALL
)
SELECT v.prompt_name, v.prompt_version, v.interactions, v.thumbs, v.up, v.down, v.people, v.up_rate, v.up_low, v.up_high,
    t.first_at, t.last_at, t.places
FROM prompt_versions v
LEFT JOIN texts t ON t.prompt_name IS NOT DISTINCT FROM v.prompt_name
    AND t.prompt_version IS NOT DISTINCT FROM v.prompt_version
WHERE v.name = '' AND v.prompt_name IS NOT NULL
ORDER BY v.prompt_name, t.last_at DESC, v.prompt_version;
