-- Retractions by themselves: few among all events, and asked for at every fold.

CREATE TABLE retraction_state (
    "of" UUID,
    who VARCHAR,
    by_backend BOOLEAN
);
COMMENT ON TABLE retraction_state IS 'Every retraction that is folded';
COMMENT ON COLUMN retraction_state."of" IS 'The event it takes back';
COMMENT ON COLUMN retraction_state.who IS 'Who sent it, typed and before ties';
COMMENT ON COLUMN retraction_state.by_backend IS 'Sent with a secret key, which may take back anything';

INSERT INTO retraction_state
SELECT "of", who, key_kind = 'sk'
FROM events
WHERE kind = 'retraction' AND landing <= (SELECT folded FROM progress);
