"""SQL for the years of children: what core/calendar/year_groups.py and letter_versions.py say, about a child `p` of
people_pupil and its school `s`."""

from __future__ import annotations

from collections.abc import Mapping

from everyfamily.core.calendar.year_groups import ALL_YEARS, MARKS, PHASE_YEARS, PLAIN_YEARS, YEAR_WORDS
from everyfamily.people.sql.entitlement import HERE
from everyfamily.people.sql.row_security import APP, PLANNER


def _case(what: str, answers: Mapping[str, int], otherwise: str) -> str:
    whens = " ".join(f"WHEN '{word}' THEN {year}" for word, year in answers.items())
    return f"CASE {what} {whens} ELSE {otherwise} END"


_plain = "lower(p.year_group)"
for _mark in MARKS:
    _plain = f"replace({_plain}, '{_mark}', '')"
_LAST_OF_PHASE = _case("s.phase", {name: last for name, (_, last) in PHASE_YEARS.items()}, str(ALL_YEARS[1]))
_FIRST_OF_PHASE = _case("s.phase", {name: first for name, (first, _) in PHASE_YEARS.items()}, str(ALL_YEARS[0]))
# Nearly every row ends at the first of the three.
UP_TO_YEAR = _case("p.year_group", PLAIN_YEARS, _case(_plain, YEAR_WORDS, _LAST_OF_PHASE))
"""The highest year that the child may be in."""
AT_LEAST_YEAR = _case("p.year_group", PLAIN_YEARS, _case(_plain, YEAR_WORDS, _FIRST_OF_PHASE))
"""The lowest year that the child may be in."""

_CHILD_YEAR = f"""
CREATE VIEW people_child_year WITH (security_invoker = true) AS
SELECT p.school_id, p.id, {HERE} AS is_here, {UP_TO_YEAR} AS up_to_year, {AT_LEAST_YEAR} AS at_least_year{{more}}
FROM people_pupil p JOIN people_school s ON s.id = p.school_id;
"""  # noqa: S608 - constants
CHILD_YEAR = _CHILD_YEAR.format(more="")
"""Of before the columns of words_sql.py."""
CHILD_YEAR_NUMBERED = _CHILD_YEAR.format(more=", p.added_in")
CHILD_YEAR_GRANT = f"GRANT SELECT ON people_child_year TO {APP}, {PLANNER};"
