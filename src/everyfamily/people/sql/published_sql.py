"""What other apps may read about schools, children and adults, as views. eligibility_sql.py says who may have the
letter.

The views are `security_invoker`: readers see only what row-level security lets them see in the tables below. The
planner may read those with ids, states and times, and none with a name or a value.

- `people_known_school`: every school of the lists; nothing about people. `people_urn`: each URN that one has or had.
- `people_committed_roll`: when a roll was imported. `people_attested`: when a lead gave their word about restrictions.
- `people_open_roll_task`: what a roll asks a person to do.
- `people_child`: every child; `is_here`. `people_child_on_roll`: the ids of those who are here.
  `people_child_since`: the day on which each of those last came on the roll.
- `people_link_shown`: each adult and child whom the list of restrictions shows; `waits` for a decision.
- `people_adult`: every adult; `objects`, `has_died`. `people_objection`: the ids of those who asked for no more
  letters or died, and which of the two.
- `people_known_way`: every contact point; `is_usable`. `people_way` says whether it is closed, but that takes 10 ms
  more planning in a query that does not need it.
- `people_same_way`: each email address and phone number, and every one at the school that is the same (itself too).
- `people_paper_way`: adult and child, if the child may carry paper because the bag is not closed; the highest and the
  lowest year group that the child may be in.
- `people_decision`: who decided about an adult, and when. The lower the `rank`, the more it says.
"""

from __future__ import annotations

from everyfamily.core.schools.school_kinds import ON_ROLL
from everyfamily.people.sql.entitlement import HERE, SHOWN, SHOWN_BEFORE_DEATHS, USABLE, WAITS
from everyfamily.people.sql.row_security import APP, PLANNER
from everyfamily.people.sql.years_sql import AT_LEAST_YEAR, UP_TO_YEAR

_STATES = ", ".join(f"'{state}'" for state in ON_ROLL)
SCHOOLS = f"""
CREATE VIEW people_known_school WITH (security_invoker = true) AS
SELECT s.id, s.urn, s.name, s.kind, s.phase, s.sends, s.roll_expected, s.roll_expected_on, s.roll_source, s.lead_role,
  -- A number that nobody checked is never printed.
  CASE WHEN s.phone_checked_at IS NOT NULL THEN s.phone ELSE '' END AS phone, s.mailbox, s.keep_days, s.decisions,
  s.status = 'closed' AS is_closed, s.closed_on, s.status IN ({_STATES}) AS has_children
FROM people_school s;
CREATE VIEW people_urn WITH (security_invoker = true) AS
SELECT s.id AS school_id, s.urn FROM people_school s UNION ALL SELECT f.school_id, f.urn FROM people_formerurn f;
CREATE VIEW people_committed_roll WITH (security_invoker = true) AS
SELECT i.school_id, i.imported_at FROM people_rollimport i WHERE i.state = 'committed';
CREATE VIEW people_attested WITH (security_invoker = true) AS
SELECT a.school_id, a.attested_at FROM people_attestation a;
CREATE VIEW people_open_roll_task WITH (security_invoker = true) AS
SELECT t.school_id, t.parent_id, t.kind, t.owner, t.due_on FROM people_rolltask t WHERE t.closed_at IS NULL;
"""  # noqa: S608 - constants
CHILDREN = f"""
CREATE VIEW people_child_on_roll WITH (security_invoker = true) AS
SELECT p.school_id, p.id FROM people_pupil p WHERE {HERE};
CREATE VIEW people_child WITH (security_invoker = true) AS
SELECT p.school_id, p.id, p.id_encrypted, p.year_group, p.class_name, {HERE} AS is_here,
  p.died_known_at IS NOT NULL AS has_died
FROM people_pupil p;
"""  # noqa: S608 - constants
_LINKS_SHOWN = f"""
DROP VIEW IF EXISTS people_link_shown;
CREATE VIEW people_link_shown WITH (security_invoker = true) AS
SELECT c.school_id, c.id, c.restriction, c.restriction_reason, {WAITS} AS waits
FROM people_care c
JOIN (SELECT p.school_id, p.id, {HERE} AS is_here FROM people_pupil p) p
  ON p.school_id = c.school_id AND p.id = c.pupil_id
WHERE {{shown}};
GRANT SELECT ON people_link_shown TO {APP}, {PLANNER};
"""  # noqa: S608 - constants
ATTESTED = """
CREATE OR REPLACE VIEW people_attested WITH (security_invoker = true) AS
SELECT a.school_id, a.attested_at FROM people_attestation a WHERE a.word >= 0;
"""
"""For the migration after which a file can be taken back: a word from before that covers nobody."""
LINKS_SHOWN = _LINKS_SHOWN.format(shown=SHOWN_BEFORE_DEATHS)
"""Of before DEATHS."""
PAPER_WAY = f"""
CREATE VIEW people_paper_way WITH (security_invoker = true) AS
SELECT c.school_id, c.parent_id, c.pupil_id, p.id_encrypted, {UP_TO_YEAR} AS up_to_year,
  {AT_LEAST_YEAR} AS at_least_year
FROM people_care c JOIN people_pupil p ON p.school_id = c.school_id AND p.id = c.pupil_id
JOIN people_school s ON s.id = c.school_id
WHERE c.has_care = 'yes' AND p.id_encrypted IS NOT NULL AND {HERE};
"""  # noqa: S608 - constants
CHILDREN_SINCE = f"""
DROP VIEW IF EXISTS people_child_since;
CREATE VIEW people_child_since WITH (security_invoker = true) AS
SELECT p.school_id, p.id, p.on_roll_from FROM people_pupil p WHERE {HERE};
GRANT SELECT ON people_child_since TO {APP}, {PLANNER};
"""  # noqa: S608 - constants
SAME_WAYS = f"""
DROP VIEW IF EXISTS people_same_way;
CREATE VIEW people_same_way WITH (security_invoker = true) AS
SELECT c.school_id, c.id, c.parent_id, o.id AS same_id FROM people_contactpoint c
JOIN people_contactpoint o ON o.school_id = c.school_id AND o.channel = c.channel AND o.value_hash = c.value_hash
WHERE c.channel IN ('email', 'text');
GRANT SELECT ON people_same_way TO {APP};
"""  # noqa: S608 - constants
ADULTS = f"""
CREATE VIEW people_adult WITH (security_invoker = true) AS
SELECT a.school_id, a.id, a.name, a.language, a.format, a.prefers, a.objects_at IS NOT NULL AS objects
FROM people_parent a;
CREATE VIEW people_objection WITH (security_invoker = true) AS
SELECT a.school_id, a.id AS parent_id FROM people_parent a WHERE a.objects_at IS NOT NULL;
CREATE VIEW people_known_way WITH (security_invoker = true) AS
SELECT c.school_id, c.id, c.parent_id, c.channel, c.value, {USABLE} AS is_usable FROM people_contactpoint c;
CREATE VIEW people_decision WITH (security_invoker = true) AS
SELECT c.school_id, c.parent_id, 1 AS rank, c.restriction_reviewed_at AS decided_at,
  c.restriction_reviewed_by AS decided_by
FROM people_care c WHERE c.restriction_reviewed_at IS NOT NULL
UNION ALL
SELECT c.school_id, c.parent_id, 2, c.parent_or_carer_at, c.parent_or_carer_by
FROM people_care c WHERE c.parent_or_carer_at IS NOT NULL
UNION ALL
-- An objection holds until it is taken back, whenever it was made.
SELECT a.school_id, a.id, 3, 'infinity', a.objects_by FROM people_parent a WHERE a.objects_at IS NOT NULL
UNION ALL
SELECT c.school_id, c.parent_id, 4, p.died_known_at, p.died_known_by
FROM people_care c JOIN people_pupil p ON p.school_id = c.school_id AND p.id = c.pupil_id
WHERE p.died_known_at IS NOT NULL;
"""  # noqa: S608 - constants
DEATHS = f"""
GRANT SELECT (died_known_at) ON people_parent TO {PLANNER};
-- Columns are added at the end, so nothing that reads the views has to be made again.
CREATE OR REPLACE VIEW people_adult WITH (security_invoker = true) AS
SELECT a.school_id, a.id, a.name, a.language, a.format, a.prefers, a.objects_at IS NOT NULL AS objects,
  a.died_known_at IS NOT NULL AS has_died
FROM people_parent a;
CREATE OR REPLACE VIEW people_objection WITH (security_invoker = true) AS
SELECT a.school_id, a.id AS parent_id, a.died_known_at IS NOT NULL AS has_died
FROM people_parent a WHERE a.objects_at IS NOT NULL;
{_LINKS_SHOWN.format(shown=SHOWN)}
"""  # noqa: S608 - constants
"""For the migration after which it is kept that an adult has died."""
FOR_ALL = (
    # First, because it is made of others, and the first is the first to go.
    *("people_link_shown", "people_child_since"),
    *("people_known_school", "people_urn", "people_committed_roll", "people_attested", "people_open_roll_task"),
    *("people_child_on_roll", "people_objection"),
)
FOR_THE_SCHOOL = (
    *("people_child", "people_adult", "people_known_way", "people_same_way", "people_paper_way"),
    "people_decision",
)
"""With names and values, or who decided. The planner may not read them."""
PUBLISHED = FOR_ALL + FOR_THE_SCHOOL
GRANTS = f"""
GRANT SELECT ON {", ".join(FOR_ALL)} TO {APP}, {PLANNER};
GRANT SELECT ON {", ".join(FOR_THE_SCHOOL)} TO {APP};
"""
SQL = "\n".join((SCHOOLS, CHILDREN, CHILDREN_SINCE, SAME_WAYS, LINKS_SHOWN, PAPER_WAY, ADULTS, GRANTS))
DROP = "\n".join(f"DROP VIEW IF EXISTS {view};" for view in PUBLISHED)
