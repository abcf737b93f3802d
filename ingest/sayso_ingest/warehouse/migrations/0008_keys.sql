-- Numbers that stand for the texts by which a fold looks for rows: four bytes are compared sooner than a text.

ALTER TABLE verdict_state ADD COLUMN target_key UINTEGER;
ALTER TABLE verdict_state ADD COLUMN who_key UINTEGER;
ALTER TABLE exposure_state ADD COLUMN target_key UINTEGER;
ALTER TABLE exposure_state ADD COLUMN who_key UINTEGER;
ALTER TABLE interaction_state ADD COLUMN target_key UINTEGER;
ALTER TABLE interaction_state ADD COLUMN session_key UINTEGER;
ALTER TABLE remark_state ADD COLUMN target_key UINTEGER;
ALTER TABLE remark_state ADD COLUMN who_key UINTEGER;
ALTER TABLE remark_state ADD COLUMN about_who_key UINTEGER;
COMMENT ON COLUMN verdict_state.target_key IS 'Stands for the target: key_of(target)';
COMMENT ON COLUMN verdict_state.who_key IS 'Stands for who';
COMMENT ON COLUMN exposure_state.target_key IS 'Stands for the target: key_of(target)';
COMMENT ON COLUMN exposure_state.who_key IS 'Stands for who';
COMMENT ON COLUMN interaction_state.target_key IS 'Stands for the target: key_of(target)';
COMMENT ON COLUMN interaction_state.session_key IS 'Stands for the session, where there is one';
COMMENT ON COLUMN remark_state.target_key IS 'Stands for the target: key_of(target)';
COMMENT ON COLUMN remark_state.who_key IS 'Stands for who';
COMMENT ON COLUMN remark_state.about_who_key IS 'Stands for about_who';

-- What key_of in macros.sql says: it is not there yet.
UPDATE verdict_state SET target_key = (md5_number_lower(target) & 4294967295)::UINTEGER,
    who_key = (md5_number_lower(who) & 4294967295)::UINTEGER;
UPDATE exposure_state SET target_key = (md5_number_lower(target) & 4294967295)::UINTEGER,
    who_key = (md5_number_lower(who) & 4294967295)::UINTEGER;
UPDATE interaction_state SET target_key = (md5_number_lower(target) & 4294967295)::UINTEGER,
    session_key = (md5_number_lower(session) & 4294967295)::UINTEGER;
UPDATE remark_state SET target_key = (md5_number_lower(target) & 4294967295)::UINTEGER,
    who_key = (md5_number_lower(who) & 4294967295)::UINTEGER,
    about_who_key = (md5_number_lower(about_who) & 4294967295)::UINTEGER;
