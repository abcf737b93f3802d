-- What clients that name themselves say they dropped. They send totals, so a report that comes twice counts once.

CREATE TABLE client_losses (
    landed_at TIMESTAMP,
    key_id VARCHAR,
    client UUID,
    reason VARCHAR,
    n BIGINT
);
COMMENT ON TABLE client_losses IS 'What each client dropped before sending: the highest total it reported, by reason';
COMMENT ON COLUMN client_losses.landed_at IS 'When the lander last raised this total, UTC';
COMMENT ON COLUMN client_losses.key_id IS 'The key that sent it';
COMMENT ON COLUMN client_losses.client IS 'The client: one SDK object in one process';
COMMENT ON COLUMN client_losses.reason IS 'Why';
COMMENT ON COLUMN client_losses.n IS 'How many in all';
