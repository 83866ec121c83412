"""What the database refuses for letters: changing a sealed one, and sealing one that is not agreed."""

from __future__ import annotations

from everyfamily.people.sql.row_security import shared

SQL = "\n".join(
    (
        shared("letters_letter"),
        shared("letters_lettertext"),
        shared("letters_letterartefact", app_may="SELECT, INSERT, UPDATE, DELETE"),
        shared("letters_approval", app_may="SELECT, INSERT"),
        shared("letters_seal", app_may="SELECT, INSERT"),
        shared("letters_route", app_may="SELECT, INSERT"),
        shared("letters_yearplanentry"),
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;",
        """
CREATE FUNCTION letters_keep_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state IN ('sealed', 'withdrawn') THEN
      RAISE EXCEPTION 'a letter comes in unsealed, and is sealed once its approvals are there'
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state IN ('sealed', 'withdrawn') AND
     (NEW.record IS DISTINCT FROM OLD.record OR NEW.digest <> OLD.digest OR NEW.reference <> OLD.reference) THEN
    RAISE EXCEPTION 'a sealed letter cannot change' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'withdrawn' OR (OLD.state = 'sealed' AND NEW.state NOT IN ('sealed', 'withdrawn')) THEN
    RAISE EXCEPTION 'a sealed letter can only be withdrawn' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'withdrawn' AND OLD.state NOT IN ('sealed', 'withdrawn') THEN
    RAISE EXCEPTION 'only a sealed letter can be withdrawn' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'sealed' AND OLD.state <> 'sealed' AND (
    coalesce(jsonb_array_length(NEW.record #> '{letter,signatories}'), 0) = 0 OR EXISTS (
      SELECT 1 FROM jsonb_array_elements(
        (NEW.record -> 'required_signatories') || (NEW.record #> '{letter,signatories}')) AS needed
      WHERE NOT EXISTS (
        SELECT 1 FROM letters_approval a
        WHERE a.letter_id = NEW.id AND a.digest = NEW.digest AND a.signatory = needed ->> 'id'))) THEN
    RAISE EXCEPTION 'a letter is sealed only when every signatory approved its digest'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER letters_sealed_stays BEFORE INSERT OR UPDATE ON letters_letter
  FOR EACH ROW EXECUTE FUNCTION letters_keep_sealed();

CREATE FUNCTION letters_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a seal or an approval is never changed or removed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER letters_seal_stays BEFORE UPDATE OR DELETE ON letters_seal
  FOR EACH ROW EXECUTE FUNCTION letters_refuse();
CREATE TRIGGER letters_approval_stays BEFORE UPDATE OR DELETE ON letters_approval
  FOR EACH ROW EXECUTE FUNCTION letters_refuse();

CREATE FUNCTION letters_artefact_of_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM letters_letter l WHERE l.id = OLD.letter_id AND l.state IN ('sealed', 'withdrawn')) THEN
    RAISE EXCEPTION 'an artefact of a sealed letter cannot change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER letters_artefact_stays BEFORE UPDATE OR DELETE ON letters_letterartefact
  FOR EACH ROW EXECUTE FUNCTION letters_artefact_of_sealed();
""",
    )
)

ROUTE_CHECKS = "\n".join(
    (
        shared("letters_routecheck", app_may="SELECT, INSERT"),
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;",
        """
CREATE FUNCTION letters_check_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what somebody found is never changed or removed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER letters_routecheck_stays BEFORE UPDATE OR DELETE ON letters_routecheck
  FOR EACH ROW EXECUTE FUNCTION letters_check_stays();
""",
    )
)
"""For the third migration: what people found when they rang a number."""

YEAR_MARKS = "\n".join(
    (
        shared("letters_yearmark", app_may="SELECT, INSERT"),
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;",
    )
)
"""For the fourth migration: what somebody said is done for a planned letter."""

RECORDINGS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON letters_recording TO everyfamily_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;
"""
"""For the ninth migration: letters read aloud. Nobody who plans a mailing reads them."""

ASKINGS = """
GRANT SELECT, INSERT ON letters_asking TO everyfamily_app;
GRANT SELECT ON letters_asking TO everyfamily_planner;
GRANT UPDATE (ended_at, ended_by, ended_account, is_agreed) ON letters_asking TO everyfamily_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;
"""
