-- name: identities
-- about: Browser ids that were seen together with exactly one actor, and that actor
-- columns:
--   alias: the who of events that carry the browser id alone
--   who: the actor it resolves to
SELECT alias, who
FROM identity_state
