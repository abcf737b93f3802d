-- That rows were removed, and what is stored still has to be written anew without them.

ALTER TABLE progress ADD COLUMN rewrite_due BOOLEAN;
COMMENT ON COLUMN progress.rewrite_due IS 'Rows were removed, and readers have no copy yet that was written anew without them';
