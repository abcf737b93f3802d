-- name: identities
-- about: Browser ids that were seen together with exactly one actor, and that actor
-- columns:
--   alias: the who of events that carry the browser id alone
--   who: the actor it resolves to
SELECT 'anonymous:' || anonymous AS alias, 'actor:' || min(actor) AS who
FROM ties
GROUP BY anonymous
HAVING count(DISTINCT actor) = 1
