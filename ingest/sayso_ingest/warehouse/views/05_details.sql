-- name: details
-- about: What was said after the first click: for each event the latest detail that counts
-- columns:
--   about: the event it explains
--   who: who said it, after ties
--   reasons: the reasons that were picked
--   comment: what was written
--   event_id: the detail event
--   occurred_at: when, UTC
SELECT about, person AS who, reasons, text AS comment, event_id, occurred_at
FROM remark_state
WHERE kind = 'detail' AND counts
