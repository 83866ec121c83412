"""A signatory's key is made, confirmed by a second person, endorsed and ended, each once. The key itself, and whose it
is, never change: by grants, and by a trigger that refuses the owner too."""

from __future__ import annotations

SQL = """
GRANT SELECT, INSERT, UPDATE (confirmed_account_id, confirmed_by, confirmed_at, endorsement, ended_by, ended_at)
  ON accounts_signatorykey TO everyfamily_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;

CREATE FUNCTION accounts_keep_signatory_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL OR
     (NEW.signatory, NEW.account_id, NEW.label, NEW.credential_id, NEW.public_key, NEW.rp_id, NEW.may_be_copied,
      NEW.made_by, NEW.made_at) IS DISTINCT FROM
     (OLD.signatory, OLD.account_id, OLD.label, OLD.credential_id, OLD.public_key, OLD.rp_id, OLD.may_be_copied,
      OLD.made_by, OLD.made_at) OR
     (OLD.confirmed_at IS NOT NULL AND (NEW.confirmed_account_id, NEW.confirmed_by, NEW.confirmed_at)
      IS DISTINCT FROM (OLD.confirmed_account_id, OLD.confirmed_by, OLD.confirmed_at)) OR
     (OLD.endorsement <> '' AND NEW.endorsement <> OLD.endorsement) THEN
    RAISE EXCEPTION 'the key of a signatory is confirmed, endorsed and ended, and never changed'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_signatory_key_stays BEFORE UPDATE OR DELETE ON accounts_signatorykey
  FOR EACH ROW EXECUTE FUNCTION accounts_keep_signatory_key();
"""
UNDO = """
DROP TRIGGER accounts_signatory_key_stays ON accounts_signatorykey;
DROP FUNCTION accounts_keep_signatory_key;
"""
