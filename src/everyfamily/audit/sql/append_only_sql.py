"""What makes the audit trail append-only: no grant to change a row, and a trigger that refuses the owner too.

The owner of a table can remove a trigger. The chains show what is done then (chain_sql.py), and their SQL also refuses
to empty the trail.
"""

from __future__ import annotations

_MINE_OR_OURS = (
    "school_id IS NULL OR school_id = (SELECT NULLIF(current_setting('everyfamily.school', true), '')::bigint)"
)

SQL = f"""
ALTER TABLE audit_auditevent ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_auditevent FORCE ROW LEVEL SECURITY;
CREATE POLICY of_school_or_partnership ON audit_auditevent TO everyfamily_app
  USING ({_MINE_OR_OURS}) WITH CHECK ({_MINE_OR_OURS});
GRANT SELECT, INSERT ON audit_auditevent TO everyfamily_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;

CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_auditevent
  FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
"""
