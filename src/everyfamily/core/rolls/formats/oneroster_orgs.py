"""Which organisations in a OneRoster package are the school that a roll is imported for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from everyfamily.core.errors import SourceLocation
from everyfamily.core.rolls.formats.oneroster_tables import Package, Row, listed
from everyfamily.core.rolls.model.roll_rows import RollNotReadable, RollOfOtherSchool

_DEEPEST = 10
"""Levels of departments within departments."""
_NAMED = 3
"""Schools that a message names."""
_URN_DIGITS, _DFE_DIGITS = 6, 7


@dataclass(frozen=True, slots=True)
class OurOrgs:
    """The school's organisations in a package, including its departments."""

    ids: frozenset[str]
    is_alone: bool
    """No other school is in the package, so a child without an organisation also belongs to this one."""

    def has(self, orgs: frozenset[str]) -> bool:
        """Whether somebody in these organisations belongs to the school."""
        return bool(orgs & self.ids) or (self.is_alone and not orgs)


def orgs_of_school(package: Package, urns: Collection[int], dfe_number: str) -> OurOrgs:
    """Find the school that a roll is imported for.

    A school is recognised by its `identifier`, which may be a URN or a DfE number (3 + 4 digits), or by its
    `sourcedId`. If a package has only one school, and it has neither number, it is taken to be this one. Raises
    RollOfOtherSchool if every school says that it is another, and RollNotReadable if that is not clear.
    """
    orgs = [row for row in package.orgs if row["status"].lower() != "tobedeleted"]
    schools = [row for row in orgs if row["type"].lower() == "school"]
    wanted = {str(urn) for urn in urns} | ({dfe_number} if dfe_number else set())
    if ours := {row["sourcedid"] for row in schools if wanted & set(_numbers(row))}:
        return OurOrgs(frozenset(ours | _parts(orgs, ours)), len(schools) == 1)
    if schools and all(_is_another(row, dfe_number) for row in schools):
        raise RollOfOtherSchool(
            f"orgs.csv names other schools only: {_named(schools)}.",
            "Import it for one of them, or export the roll from this school.",
            SourceLocation(package.file),
        )
    only = {row["sourcedid"] for row in schools} or _orgs_of_users(package)
    if len(only) > 1 or any(_known_number(row) for row in schools):
        raise RollNotReadable(
            "It is not clear which school of the file is this one.",
            "Export it with each school's URN as its identifier in orgs.csv.",
            SourceLocation(package.file),
        )
    return OurOrgs(frozenset(only | _parts(orgs, only)), is_alone=True)


def _named(schools: list[Row]) -> str:
    """The schools' numbers, a few of them."""
    numbers = sorted({_known_number(row) for row in schools})
    more = f" and {len(numbers) - _NAMED:,} more" if len(numbers) > _NAMED else ""
    return ", ".join(numbers[:_NAMED]) + more


def _numbers(org: Row) -> Iterator[str]:
    """Numbers that the school may be known by."""
    yield org["sourcedid"]
    yield org["identifier"]
    yield re.sub(r"[\s/-]", "", org["identifier"])


def _known_number(org: Row) -> str:
    """The identifier, if it has the form of a URN or a DfE number. Any other is the system's own code."""
    number = re.sub(r"[\s/-]", "", org["identifier"])
    return number if number.isascii() and number.isdigit() and len(number) in (_URN_DIGITS, _DFE_DIGITS) else ""


def _is_another(org: Row, dfe_number: str) -> bool:
    """Whether the school's number can be compared with ours, and was found to differ."""
    number = _known_number(org)
    return len(number) == _URN_DIGITS or (len(number) == _DFE_DIGITS and dfe_number != "")


def _parts(orgs: list[Row], ours: set[str]) -> set[str]:
    """Departments and similar within the school."""
    above = {row["sourcedid"]: row["parentsourcedid"] for row in orgs}
    found: set[str] = set()
    for org in above:
        at, steps = org, 0
        while at and at not in ours and steps < _DEEPEST:
            at, steps = above.get(at, ""), steps + 1
        if at in ours:
            found.add(org)
    return found


def _orgs_of_users(package: Package) -> set[str]:
    """If there is no orgs.csv: every organisation in which somebody is a student."""
    if package.roles is not None:
        return {row["orgsourcedid"] for row in package.roles if row["role"].lower() == "student"} - {""}
    students = (row for row in package.users if row["role"].lower() == "student")
    return {org for row in students for org in listed(row["orgsourcedids"])}
