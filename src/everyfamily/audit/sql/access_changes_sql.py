"""Who writes down that a row changed which decides who may come in: only the database, whoever changes the row.

An app that has such a table hangs `audit_note_change` on it, with the name of the column that has the account ('' for
none) and what the row is. No value of the row is kept. The function runs as the owner of the tables, as the one that
links events does (link_sql.py), and the application can only read what it wrote.
"""

from __future__ import annotations

SQL = """
CREATE FUNCTION audit_note_change() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  of_row jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
BEGIN
  INSERT INTO public.audit_accesschange (at, txid, table_name, row_id, account, what, how)
    VALUES (clock_timestamp(), pg_current_xact_id()::text::bigint, TG_TABLE_NAME, (of_row->>'id')::bigint,
      (of_row->>TG_ARGV[0])::bigint, TG_ARGV[1], lower(TG_OP));
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION audit_note_change() FROM PUBLIC, everyfamily_app;

ALTER TABLE audit_accesschange ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_accesschange FORCE ROW LEVEL SECURITY;
CREATE POLICY read_by_the_product ON audit_accesschange FOR SELECT TO everyfamily_app USING (true);
CREATE POLICY noted_by_the_database ON audit_accesschange TO CURRENT_USER
  USING (pg_trigger_depth() > 0) WITH CHECK (pg_trigger_depth() > 0);
GRANT SELECT ON audit_accesschange TO everyfamily_app;

CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_accesschange
  FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON audit_accesschange
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
