-- name: prompts_in_git
-- about: Where in git is the text of each prompt version, when was it used, and how was it liked?
-- columns:
--   prompt_name: name of the prompt
--   prompt_version: version of the prompt
--   prompt_commit: the commit that wrote the prompt's file
--   prompt_dirty: whether its text was another than that commit's
--   prompt_path: the file, from the top of its repository; git show COMMIT:PATH prints it
--   interactions: answers with this text
--   first_at: when first used, UTC
--   last_at: when last used, UTC
--   thumbs: present thumbs on them, one per person and thing
--   people: people who gave them
--   up_rate: share of thumbs up, 0 to 1; nobody counts for more than five thumbs
--   up_low: lower end of its 95 % interval, Wilson's by person
--   up_high: upper end of its 95 % interval
WITH texts AS (
    SELECT prompt_name, prompt_version, prompt_commit, prompt_dirty, prompt_path, count(*) AS interactions,
        min(occurred_at) AS first_at, max(occurred_at) AS last_at
    FROM interaction_state
    WHERE prompt_name IS NOT NULL OR prompt_version IS NOT NULL OR prompt_commit IS NOT NULL
    GROUP BY ALL
), rated AS (
    SELECT prompt_name, prompt_version, prompt_commit, prompt_dirty, prompt_path, sum(n)::BIGINT AS thumbs,
        count(*) AS people, fair_rate(k, n) AS up_rate, fair_low(k, n) AS up_low, fair_high(k, n) AS up_high
    FROM (
        SELECT prompt_name, prompt_version, prompt_commit, prompt_dirty, prompt_path, person, count(*) AS n,
            count(*) FILTER (value = 'up') AS k
        FROM verdict_state
        WHERE kind = 'thumb' AND wins AND NOT retracted AND value IS NOT NULL AND scope = 'target' AND name = ''
        GROUP BY ALL
    )
    GROUP BY ALL
)
SELECT t.*, coalesce(r.thumbs, 0) AS thumbs, coalesce(r.people, 0) AS people, r.up_rate, r.up_low, r.up_high
FROM texts t
LEFT JOIN rated r ON r.prompt_name IS NOT DISTINCT FROM t.prompt_name
    AND r.prompt_version IS NOT DISTINCT FROM t.prompt_version AND r.prompt_commit IS NOT DISTINCT FROM t.prompt_commit
    AND r.prompt_dirty IS NOT DISTINCT FROM t.prompt_dirty AND r.prompt_path IS NOT DISTINCT FROM t.prompt_path
ORDER BY t.prompt_name, t.prompt_version, t.first_at, t.prompt_commit, t.prompt_dirty, t.prompt_path
