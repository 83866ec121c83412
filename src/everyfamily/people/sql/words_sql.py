"""What a lead's word covers: what was there when they gave it (ADR 70).

One sequence numbers, in the order in which they are written, each child who comes on a roll (`people_pupil.added_in`),
each adult who becomes a parent or carer (`people_care.added_in`), each restriction that is lifted (`reopened_in`), each
link that a lead opens by itself (`vouched_in`), and each word (`people_attestation.word`). A link is covered if what
happened to it has a lower number than the school's newest word, or than the lead's decision about it. Numbers are no
times, so no clock can hide anything. Closing a link gives no number: it never waits.

Triggers give the numbers of what is changed, so that no way in can forget it. A death that is taken back gives none:
the word from before covers the child again.
"""

from __future__ import annotations

from everyfamily.people.sql.entitlement import ENTITLED
from everyfamily.people.sql.row_security import APP, PLANNER

_WAS_ENTITLED, _IS_ENTITLED = (ENTITLED.replace("c.", row) for row in ("OLD.", "NEW."))


def _stamp(name: str, table: str, column: str, of: str, when: str) -> str:
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.{column} := nextval('people_seen'); RETURN NEW; END $$;
CREATE TRIGGER {name} BEFORE UPDATE OF {of} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}();
"""


SEQUENCE = f"CREATE SEQUENCE people_seen; GRANT USAGE ON SEQUENCE people_seen TO {APP};"
COLUMNS = """
ALTER TABLE people_pupil ADD COLUMN added_in bigint NOT NULL DEFAULT 0;
ALTER TABLE people_care ADD COLUMN added_in bigint NOT NULL DEFAULT 0, ADD COLUMN reopened_in bigint NOT NULL DEFAULT 0,
  ADD COLUMN vouched_in bigint NOT NULL DEFAULT 0;
ALTER TABLE people_attestation ADD COLUMN word bigint NOT NULL DEFAULT 0;
ALTER TABLE people_pupil ALTER COLUMN added_in SET DEFAULT nextval('people_seen');
ALTER TABLE people_care ALTER COLUMN added_in SET DEFAULT nextval('people_seen');
ALTER TABLE people_attestation ALTER COLUMN word SET DEFAULT nextval('people_seen');
"""
"""What is there before has 0: the words of that time cover it."""
SQL = "\n".join(
    (
        _stamp(
            "people_child_back",
            "people_pupil",
            "added_in",
            "on_roll_to",
            "OLD.on_roll_to IS NOT NULL AND NEW.on_roll_to IS NULL",
        ),
        _stamp(
            "people_made_carer",
            "people_care",
            "added_in",
            "parental_responsibility, has_care, parent_or_carer",
            f"NOT {_WAS_ENTITLED} AND {_IS_ENTITLED}",
        ),
        _stamp(
            "people_link_opened",
            "people_care",
            "reopened_in",
            "restriction",
            "OLD.restriction <> 'none' AND NEW.restriction = 'none'",
        ),
        f"GRANT SELECT (added_in) ON people_pupil TO {PLANNER};",
        f"GRANT SELECT (added_in, reopened_in, vouched_in) ON people_care TO {PLANNER};",
        f"GRANT SELECT (word) ON people_attestation TO {PLANNER};",
    )
)
AFTER_WORD = f"""
CREATE VIEW people_after_word WITH (security_invoker = true) AS
SELECT c.school_id, c.parent_id, c.pupil_id FROM people_link c
JOIN people_child_year p ON p.school_id = c.school_id AND p.id = c.pupil_id AND p.is_here
LEFT JOIN (SELECT w.school_id, max(w.word) AS word FROM people_attestation w GROUP BY w.school_id) v
  ON v.school_id = c.school_id
WHERE c.is_open AND greatest(c.added_in, p.added_in, c.reopened_in) > greatest(v.word, c.vouched_in);
GRANT SELECT ON people_after_word TO {APP}, {PLANNER};
"""  # noqa: S608 - constants
"""An adult and a child who came or were opened after the lead's newest word."""
COVERS_NOBODY = -1
"""The number of a word that was given before a file was taken back."""
PUBLISHED = ("people_after_word",)
"""Views that other apps may read."""
_CLOSES = "c.restriction IN ('hold', 'do not send') OR c.restriction_reason IN ('not readable', 'doubt')"
EMPTY_CLOSED_WAYS = f"""
ALTER TABLE people_contactpoint NO FORCE ROW LEVEL SECURITY;
ALTER TABLE people_care NO FORCE ROW LEVEL SECURITY;
UPDATE people_contactpoint SET value = NULL WHERE value IS NOT NULL AND channel IN ('email', 'text')
  AND parent_id IN (SELECT c.parent_id FROM people_care c WHERE {_CLOSES});
ALTER TABLE people_care FORCE ROW LEVEL SECURITY;
ALTER TABLE people_contactpoint FORCE ROW LEVEL SECURITY;
"""  # noqa: S608 - constants
"""For the update that keeps no way out of a cell with more in it: whose these were is not known. They go on closing,
and the next file brings back what is the adult's own."""
DROP = """
DROP VIEW IF EXISTS people_after_word;
DROP FUNCTION IF EXISTS people_link_opened() CASCADE;
DROP FUNCTION IF EXISTS people_made_carer() CASCADE;
DROP FUNCTION IF EXISTS people_child_back() CASCADE;
"""
