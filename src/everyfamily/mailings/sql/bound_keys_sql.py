"""A ledger key that was bound to its mailing's row stays bound: no key of another mailing can replace it."""

from __future__ import annotations

SQL = """
CREATE FUNCTION mailings_key_stays_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the key of a mailing stays bound to its row' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER mailings_key_stays_bound BEFORE UPDATE ON mailings_mailing FOR EACH ROW
  WHEN (OLD.ledger_key_is_bound AND NOT NEW.ledger_key_is_bound) EXECUTE FUNCTION mailings_key_stays_bound();
"""
