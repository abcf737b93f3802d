-- name: ordered
-- What goes after the other two: their rows, in an order that has nothing to do with when they landed.
SELECT source, target, part, who, who_against,
    list_transform(event_ids, lambda id: id::VARCHAR) AS event_ids, chosen, rejected, missing, other
FROM every
ORDER BY target, source, part, tie, who, other, event_ids
