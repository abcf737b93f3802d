-- What becomes of suggestions, and what people make of them.

-- name: outcomes
-- What became of them, by prompt version.
SELECT prompt_name, prompt_version, decided, people, accept_rate, accept_low, accept_high, accepted, edited, rejected,
    undone, response_rate, survival_kept
FROM suggestion_outcomes;

-- name: edits
-- How people change them before they take them.
SELECT prompt_name, prompt_version, change, n, people, share, share_low, share_high, words_kept FROM suggestion_edits;

-- name: words
-- Which words go out and come in, most often first.
SELECT prompt_name, change, word, n, people, share, share_low, share_high
FROM suggestion_words
ORDER BY n DESC, change, word;

-- name: newest
-- The newest that were edited, whole, of one version where it is named.
SELECT occurred_at, prompt_name, prompt_version, who, input, proposed, final, survival_kept, target
FROM suggestions
WHERE outcome = 'edited' AND proposed IS NOT NULL AND final IS NOT NULL
  AND ($version = '' OR prompt_version = $version)
ORDER BY occurred_at DESC, event_id;
