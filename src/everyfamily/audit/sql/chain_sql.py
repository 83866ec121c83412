"""What links each audit event to the one before it: one chain for each school and one for the partnership.

This is how the chains began. link_sql.py says who may write a link now, and replaces the functions here.

The link is made at commit, by a deferred trigger. So it is the last thing that a transaction waits for, two schools
never wait for each other, and the order of a chain is the order in which its events were committed.
"""

from __future__ import annotations

PARTNERSHIP = 0
"""The chain of events that belong to no school."""
VERSION = 1
"""The version of the digest when the chains began. A later form gets a later number. What was linked before keeps its
own."""


def spelled(
    version: str,
    previous: str,
    chain: str,
    position: str,
    event: str,
    *,
    linked_at: str = "",
    kind: bool = False,
    txid: str = "",
) -> str:
    """SQL for the one text that a link's digest covers. The arguments are SQL themselves, and `event` is a row of
    events.

    It uses only built-in functions, so that a check does not rely on something that an owner of the database could have
    replaced. Version 1 has no `linked_at`. The kind and account of the actor came with version 3, `txid` with 4.
    """
    moment = f", {_moment(linked_at)}" if linked_at else ""
    who = f", {event}.actor_kind, {event}.actor_account" if kind else ""
    return (
        f"jsonb_build_array({version}, encode({previous}, 'hex'), {chain}, {position}, {event}.id, "
        f"{_moment(f'{event}.at')}, {event}.actor, {event}.action, "
        f"{event}.subject_type, {event}.subject_id, {event}.detail{moment}{who}{f', {txid}' if txid else ''})::text"
    )


def _moment(at: str) -> str:
    return f"to_char({at} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US BC')"


_OF_THE_CHAIN = (
    f"chain = {PARTNERSHIP} OR chain = (SELECT NULLIF(current_setting('everyfamily.school', true), '')::bigint)"
)

# Tables are named with their schema, so that a temporary table of the same name cannot receive the links.
SQL = f"""
CREATE FUNCTION audit_link(event public.audit_auditevent) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  of_chain bigint := coalesce(event.school_id, {PARTNERSHIP});
  before record;
  place bigint := 1;
  digest_before bytea := '';
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('everyfamily audit chain', of_chain));
  SELECT position, digest INTO before FROM public.audit_auditlink
    WHERE chain = of_chain ORDER BY position DESC LIMIT 1;
  IF FOUND THEN
    place := before.position + 1;
    digest_before := before.digest;
  END IF;
  INSERT INTO public.audit_auditlink (event_id, chain, position, version, previous, digest)
    VALUES (event.id, of_chain, place, {VERSION}, digest_before, sha256(convert_to(
      {spelled(str(VERSION), "digest_before", "of_chain", "place", "event")}, 'UTF8')));
END $$;

CREATE FUNCTION audit_link_new_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM public.audit_link(NEW);
  RETURN NULL;
END $$;

-- What was there before is linked in its order. Its owner is bound by row security too, so that is lifted meanwhile.
ALTER TABLE audit_auditevent NO FORCE ROW LEVEL SECURITY;
DO $$
DECLARE
  event public.audit_auditevent;
  older record;
BEGIN
  SELECT count(*) AS events, max(id) AS last INTO older FROM public.audit_auditevent;
  IF older.events > 0 THEN
    FOR event IN SELECT * FROM public.audit_auditevent ORDER BY id LOOP
      PERFORM public.audit_link(event);
    END LOOP;
    INSERT INTO public.audit_auditevent (at, actor, action, subject_type, subject_id, school_id, detail)
      VALUES (now(), 'everyfamily', 'begin audit chain', 'audit', '', NULL,
        jsonb_build_object('older_events', older.events, 'last_older_event', older.last))
      RETURNING * INTO event;
    PERFORM public.audit_link(event);
  END IF;
END $$;
ALTER TABLE audit_auditevent FORCE ROW LEVEL SECURITY;

CREATE CONSTRAINT TRIGGER audit_linked AFTER INSERT ON audit_auditevent
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_link_new_event();

CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON audit_auditevent
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON audit_auditlink
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_auditlink
  FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();

ALTER TABLE audit_auditlink ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_auditlink FORCE ROW LEVEL SECURITY;
CREATE POLICY of_school_or_partnership ON audit_auditlink TO everyfamily_app
  USING ({_OF_THE_CHAIN}) WITH CHECK ({_OF_THE_CHAIN});
GRANT SELECT, INSERT ON audit_auditlink TO everyfamily_app;
"""  # noqa: S608 - constants
