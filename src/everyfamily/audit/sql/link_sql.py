"""Who makes an audit event's link: only the database, and nobody who may only add events.

The application adds events and reads links. It cannot write a link or call the function that writes one, and it gives
an event no number. The trigger runs as the owner of the tables, and the application cannot become that role. Even the
owner sees and writes links only from inside a trigger, because row security is forced on it. `linked_at` comes from the
database's own clock and is part of the digest. An event says when it happened, and its link says when it came in.
"""

from __future__ import annotations

from everyfamily.audit.sql.chain_sql import PARTNERSHIP, spelled

WITH_TIME = 2
"""The version of the digest that includes the link's own time."""
WITH_ACTOR = 3
"""The version of the digest that includes the actor's kind and account too."""
VERSION = 4
"""The version of the digest that includes the transaction too, which shows which changes of rows the event explains
(access_changes_sql.py)."""


def _link_new_event(version: int) -> str:
    kind, txid = version >= WITH_ACTOR, "of_transaction" if version >= VERSION else ""
    digest = spelled(
        str(version), "digest_before", "of_chain", "place", "NEW", linked_at="moment", kind=kind, txid=txid
    )
    column, declared = (", txid", f"{txid} bigint := pg_current_xact_id()::text::bigint;") if txid else ("", "")
    value = f", {txid}" if txid else ""
    return f"""
CREATE OR REPLACE FUNCTION audit_link_new_event() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  of_chain bigint := coalesce(NEW.school_id, {PARTNERSHIP});
  before record;
  place bigint := 1;
  digest_before bytea := '';
  moment timestamptz;
  {declared}
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('everyfamily audit chain', of_chain));
  moment := clock_timestamp();
  SELECT position, digest INTO before FROM public.audit_auditlink
    WHERE chain = of_chain ORDER BY position DESC LIMIT 1;
  IF FOUND THEN
    place := before.position + 1;
    digest_before := before.digest;
  END IF;
  INSERT INTO public.audit_auditlink (event_id, chain, position, version, previous, digest, linked_at{column})
    VALUES (NEW.id, of_chain, place, {version}, digest_before,
      sha256(convert_to({digest}, 'UTF8')), moment{value});
  RETURN NULL;
END $$;
"""  # noqa: S608 - constants


SQL = f"""{_link_new_event(WITH_TIME)}
DROP FUNCTION audit_link(public.audit_auditevent);
-- Whoever may run it could tie it to a table of their own, and have links made of what is no event.
REVOKE ALL ON FUNCTION audit_link_new_event() FROM PUBLIC, everyfamily_app;

CREATE POLICY linked_by_the_database ON audit_auditlink TO CURRENT_USER
  USING (pg_trigger_depth() > 0) WITH CHECK (pg_trigger_depth() > 0);

REVOKE INSERT ON audit_auditlink FROM everyfamily_app;
REVOKE INSERT ON audit_auditevent FROM everyfamily_app;
GRANT INSERT (at, actor, action, subject_type, subject_id, school_id, detail) ON audit_auditevent TO everyfamily_app;
"""

WITH_ACTOR_SQL = f"""{_link_new_event(WITH_ACTOR)}
GRANT INSERT (actor_kind, actor_account) ON audit_auditevent TO everyfamily_app;
"""
"""Takes the place of the function above. Its rights stay as they are."""

WITH_TRANSACTION_SQL = _link_new_event(VERSION)
"""Takes its place again."""
