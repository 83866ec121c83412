"""What the database refuses for drafts: to change what somebody wrote, said or approved, and what is frozen."""

from __future__ import annotations

from everyfamily.people.sql.row_security import APP

ADDED_ONLY = (
    "letters_draftpassage",
    "letters_drafttranslation",
    "letters_frozenfile",
    "letters_receivedapproval",
    "letters_review",
)
"""Tables to which rows are only ever added."""
_MAY_CHANGE = {
    "letters_draft": "pack_version, pack_digest, pack_zip, dated, ended_at, ended_by",
    "letters_draftwaiver": "ended_at, ended_by",
    "letters_note": "settled_at, settled_by",
    "letters_letterseen": "at",
}
"""Tables of which only these columns are ever changed."""
_GRANTS = "\n".join(
    (
        *(f"GRANT SELECT, INSERT ON {table} TO {APP};" for table in (*ADDED_ONLY, *_MAY_CHANGE)),
        *(f"GRANT UPDATE ({columns}) ON {table} TO {APP};" for table, columns in _MAY_CHANGE.items()),
        *(
            f"GRANT SELECT, INSERT, UPDATE ON {table} TO {APP};"
            for table in ("letters_frozen", "letters_sealing")
        ),
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP};",
    )
)
_TRIGGERS = "\n".join(
    f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION letters_only_added();"
    for table in ADDED_ONLY
)

OLD_FILES = f"""
GRANT DELETE ON letters_frozenfile TO {APP};
DROP TRIGGER letters_frozenfile_stays ON letters_frozenfile;
CREATE FUNCTION letters_keep_frozen_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR NOT EXISTS (
    SELECT 1 FROM letters_frozen f WHERE f.id = OLD.frozen_id AND f.overtaken_at IS NOT NULL) THEN
    RAISE EXCEPTION 'a file of a version that counts is never changed or removed'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER letters_frozenfile_stays BEFORE UPDATE OR DELETE ON letters_frozenfile
  FOR EACH ROW EXECUTE FUNCTION letters_keep_frozen_file();
"""  # noqa: S608 - constants
"""For the tenth migration: the files of a version that counts for nothing may go."""

SQL = f"""
{_GRANTS}
CREATE FUNCTION letters_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what somebody wrote, said or approved is never changed or removed'
    USING ERRCODE = 'restrict_violation';
END $$;
{_TRIGGERS}

CREATE FUNCTION letters_keep_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL OR
     (NEW.reference, NEW.pack_id, NEW.term, NEW.follows_kind, NEW.follows_reference, NEW.wrong_route,
      NEW.begun_by, NEW.begun_account, NEW.begun_at) IS DISTINCT FROM
     (OLD.reference, OLD.pack_id, OLD.term, OLD.follows_kind, OLD.follows_reference, OLD.wrong_route,
      OLD.begun_by, OLD.begun_account, OLD.begun_at) THEN
    RAISE EXCEPTION 'a draft keeps what it was begun as, and ends once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER letters_draft_stays BEFORE UPDATE OR DELETE ON letters_draft
  FOR EACH ROW EXECUTE FUNCTION letters_keep_draft();

CREATE FUNCTION letters_keep_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR
     (NEW.draft_id, NEW.number, NEW.newest_passage, NEW.overrides, NEW.waivers, NEW.dated)
     IS DISTINCT FROM
     (OLD.draft_id, OLD.number, OLD.newest_passage, OLD.overrides, OLD.waivers, OLD.dated) OR
     (OLD.state = 'done' AND
      (NEW.state, NEW.settings_version, NEW.record, NEW.digest, NEW.required, NEW.report) IS DISTINCT FROM
      (OLD.state, OLD.settings_version, OLD.record, OLD.digest, OLD.required, OLD.report)) OR
     (OLD.overtaken_at IS NOT NULL AND
      (NEW.overtaken_at, NEW.overtaken_by, NEW.overtaken_why) IS DISTINCT FROM
      (OLD.overtaken_at, OLD.overtaken_by, OLD.overtaken_why)) THEN
    RAISE EXCEPTION 'what is frozen never changes, and is overtaken once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER letters_frozen_stays BEFORE UPDATE OR DELETE ON letters_frozen
  FOR EACH ROW EXECUTE FUNCTION letters_keep_frozen();

CREATE FUNCTION letters_file_of_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM letters_frozen f WHERE f.id = NEW.frozen_id AND f.state <> 'working') THEN
    RAISE EXCEPTION 'files come in while a version is being frozen' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER letters_frozenfile_comes BEFORE INSERT ON letters_frozenfile
  FOR EACH ROW EXECUTE FUNCTION letters_file_of_frozen();

CREATE FUNCTION letters_approval_of_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM letters_frozen f
                 WHERE f.id = NEW.frozen_id AND f.state = 'done' AND f.overtaken_at IS NULL) THEN
    RAISE EXCEPTION 'only words that are frozen and not overtaken are approved or reviewed'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER letters_receivedapproval_comes BEFORE INSERT ON letters_receivedapproval
  FOR EACH ROW EXECUTE FUNCTION letters_approval_of_frozen();
CREATE TRIGGER letters_review_comes BEFORE INSERT ON letters_review
  FOR EACH ROW EXECUTE FUNCTION letters_approval_of_frozen();
"""  # noqa: S608 - constants
