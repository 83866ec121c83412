"""Versions are added and never changed, and a proposal keeps what was proposed: by grants, and by triggers that refuse
the owner too."""

from __future__ import annotations

SQL = """
GRANT SELECT, INSERT ON partnership_version TO everyfamily_app;
GRANT SELECT, INSERT, UPDATE (ended_at, ended_by, ended_account, version_id)
  ON partnership_proposal TO everyfamily_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;

CREATE FUNCTION partnership_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a version of the settings is never changed or removed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER partnership_version_stays BEFORE UPDATE OR DELETE ON partnership_version
  FOR EACH ROW EXECUTE FUNCTION partnership_refuse_change();

CREATE FUNCTION partnership_keep_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL OR
     (NEW.text, NEW.drawings, NEW.digest, NEW.asked_by, NEW.asked_account, NEW.asked_at, NEW.needs_second)
     IS DISTINCT FROM
     (OLD.text, OLD.drawings, OLD.digest, OLD.asked_by, OLD.asked_account, OLD.asked_at, OLD.needs_second) THEN
    RAISE EXCEPTION 'a proposal only ends, once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER partnership_proposal_stays BEFORE UPDATE OR DELETE ON partnership_proposal
  FOR EACH ROW EXECUTE FUNCTION partnership_keep_proposal();
"""
