-- Where the text of a prompt stands in git, so that a version leads back to it.

ALTER TABLE events ADD COLUMN prompt_commit VARCHAR;
ALTER TABLE events ADD COLUMN prompt_dirty BOOLEAN;
ALTER TABLE events ADD COLUMN prompt_path VARCHAR;
COMMENT ON COLUMN events.prompt_commit IS 'interaction: the git commit that wrote the prompt''s file';
COMMENT ON COLUMN events.prompt_dirty IS 'interaction: whether the prompt''s text was another than that commit''s';
COMMENT ON COLUMN events.prompt_path IS 'interaction: the prompt''s file, from the top of its repository';
