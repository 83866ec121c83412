"""OneRoster 1.1 and 1.2 zip files -> sheet: one line for each adult and child that the file links.

What the reader decides, and why:
- A child's PUPIL_ID is `identifier` (the UPN, which other formats give too), or `sourcedId` if that is blank or several
  children share it.
- An adult and a child are linked if either names the other in `agentSourcedIds`. A `sourcedId` that occurs twice links
  nobody, because it is not clear whose address it would be.
- `tobedeleted` (and 1.0's `inactive`): that person is not in the file. A file of changes (delta) takes nobody off a
  roll, so there the row is set aside for a person to look at.
- `enabledUser` is about signing in to a computer and says nothing about who may be written to. Dates of roles in 1.2
  are not read, because there is no clock here. Their status is read.
- Restrictions, responsibility, addresses and languages are not in the format, so everyone is held until the school
  attests. A child's name is never kept.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from everyfamily.core.errors import SourceLocation
from everyfamily.core.rolls.closing.words_beside import unread_that_may_close
from everyfamily.core.rolls.formats.oneroster_orgs import OurOrgs, orgs_of_school
from everyfamily.core.rolls.formats.oneroster_tables import Package, Row, listed, open_package
from everyfamily.core.rolls.model.limits import ROWS
from everyfamily.core.rolls.model.roll_rows import RollNotReadable, SetAside
from everyfamily.core.rolls.model.sheet import Line, Sheet

COLUMNS = (
    *("PUPIL_ID", "YEAR_GROUP", "ADULT_FORENAME", "ADULT_SURNAME", "RELATIONSHIP"),
    *("EMAIL", "MOBILE", "PHONE"),
)
_BLANK = dict.fromkeys(COLUMNS, "")
_FAMILY = ("parent", "guardian", "relative")
"""Roles of family, the closest first."""
_STAFF = re.compile(r"teacher|aide|proctor|principal|counselor|[a-z]*administrator")
_GONE = ("tobedeleted", "inactive")


@dataclass(frozen=True, slots=True)
class _User:
    row: Row
    id: str
    roles: frozenset[str]
    orgs: frozenset[str]
    """For a student, the organisations in which they are a student. For others, all."""

    @property
    def is_student(self) -> bool:
        return "student" in self.roles

    @property
    def is_gone(self) -> bool:
        return self.row["status"].lower() in _GONE

    @property
    def relationship(self) -> str:
        """A word that core/rolls/words/words.toml knows."""
        nearest = next((role for role in _FAMILY if role in self.roles), "")
        is_staff = bool(self.roles) and all(_STAFF.fullmatch(role) for role in self.roles)
        return nearest or ("teacher" if is_staff else "other")


def read_oneroster(
    data: bytes, *, file: str, urn: int, former_urns: Collection[int] = (), dfe_number: str = ""
) -> Sheet:
    """Read the children of the school `urn` (or one of its `former_urns`, or `dfe_number`) and their adults.

    A line's row is the adult's row of users.csv, or the child's if nobody is linked to it. Raises RollNotReadable if
    the zip is not a OneRoster package or it is not clear whose it is, RollOfOtherSchool if it belongs to another
    school, and ZipRefused if the zip is damaged or not safe to unpack.
    """
    package = open_package(data, file)
    ours = orgs_of_school(package, {urn, *former_urns}, re.sub(r"\D", "", dfe_number))
    school = _SchoolOfPackage(package, ours)
    lines = school.lines()
    if not school.children:
        raise RollNotReadable(
            "users.csv has no child of this school.", "Export the whole roll again.", SourceLocation(file)
        )
    return Sheet(
        package.format,
        frozenset(COLUMNS),
        tuple(lines),
        package.is_whole,
        tuple(school.set_aside),
        every_adult=not package.is_changes,
        unread=((0, "a column of users.csv that is not read"),),
    )


def _users(package: Package) -> Iterator[_User]:
    if package.roles is None:
        for row in package.users:
            yield _user(row, [(row["role"].lower(), org) for org in listed(row["orgsourcedids"]) or [""]])
        return
    roles: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in package.roles:
        if row["status"].lower() not in _GONE:
            roles[row["usersourcedid"]].append((row["role"].lower(), row["orgsourcedid"]))
    for row in package.users:
        yield _user(row, roles.get(row["sourcedid"], []))


def _user(row: Row, roles: Sequence[tuple[str, str]]) -> _User:
    as_student = [org for role, org in roles if role == "student"]
    orgs = as_student or [org for _, org in roles]
    held = frozenset(role for role, _ in roles if role)
    return _User(row, row["sourcedid"], held, frozenset(filter(None, orgs)))


class _SchoolOfPackage:
    """One school's children in a package, and the adults linked to them."""

    def __init__(self, package: Package, ours: OurOrgs) -> None:
        self.set_aside: list[SetAside] = []
        self._package = package
        self._ours = ours
        users = list(_users(package))
        self._users = [user for user in users if not user.is_gone]
        self._times = Counter(user.id for user in self._users)
        self.children = [user for user in self._users if user.is_student and self._is_ours(user)]
        self._child_ids = {child.id for child in self.children}
        self._shared = Counter(
            identifier for identifier, _ in {(c.row["identifier"], c.id) for c in self.children}
        )
        self._named_by_children = set[str]().union(*(_named(user) for user in self._users if user.is_student))
        self._gone = {user.id for user in users if user.is_gone}
        if not package.is_whole:
            self._note_gone(users)

    def lines(self) -> list[Line]:
        """By row: each adult with each of their children, and each child without an adult."""
        children = {child.id: child for child in self.children if self._is_clear(child)}
        children_of = self._links(children)
        lines: list[Line] = []
        for user in self._users:
            if user.is_student:
                continue
            linked = sorted(children_of.get(user.id, ())) if self._is_clear(user) else []
            lines += (self._line(user, children[child_id]) for child_id in linked)
            if not linked and self._lacks_child(user):
                # Without a child's id, the row is set aside with all others of its kind.
                lines.append(Line(user.row.number, _BLANK | _adult(user), user.row.is_whole))
        met = set().union(*children_of.values())
        for child in self.children:
            if not self._is_clear(child):
                message = "The child's sourcedId is there twice, so it is not clear whose child it is."
                self._note(child, "CHILD_NOT_CLEAR", message, whole_row=False)
        lines += (self._line(child, child) for child in self.children if child.id not in met)
        return sorted(lines, key=lambda line: line.row)

    def _links(self, children: Mapping[str, _User]) -> dict[str, set[str]]:
        """Children by adult. An adult who is not in the file, or not clear, has none."""
        adults = {user.id for user in self._users if not user.is_student and self._is_clear(user)}
        children_of: dict[str, set[str]] = defaultdict(set)
        said = 0
        for user in self._users:
            named = _named(user)
            if user.id in adults:
                linked = {child for child in named if child in children}
                children_of[user.id] |= linked
            elif user.id in children:
                linked = {adult for adult in named if adult in adults}
                for adult in linked:
                    children_of[adult].add(user.id)
                self._note_absent(user, named)
            else:
                continue
            said += len(linked)
            if said > 2 * ROWS:
                raise self._too_many()
        return children_of

    def _too_many(self) -> RollNotReadable:
        return RollNotReadable(
            f"The file links more than {ROWS:,} adults with children.",
            "Look at agentSourcedIds in users.csv.",
            SourceLocation(self._package.file),
        )

    def _line(self, user: _User, child: _User) -> Line:
        grade = (listed(child.row["grades"]) or [""])[0]
        cells = _BLANK | {"PUPIL_ID": self._pupil_id(child), "YEAR_GROUP": grade.lstrip("0") or grade}
        if user is not child:
            cells |= _adult(user)
        # A child whose own row has shifted may now have another child's id.
        whole = user.row.is_whole and child.row.is_whole
        unread = unread_that_may_close((*user.row.unread, *child.row.unread))
        return Line(user.row.number, cells, whole, child.row.is_whole, values=unread)

    def _pupil_id(self, child: _User) -> str:
        identifier = child.row["identifier"]
        is_own = self._shared[identifier] == 1 and (identifier == child.id or identifier not in self._child_ids)
        return identifier if identifier and is_own else child.id

    def _is_ours(self, child: _User) -> bool:
        if not child.orgs and not self._ours.is_alone:
            self._note(child, "SCHOOL_NOT_SAID", "The child has no school, and the file has several.")
        return self._ours.has(child.orgs)

    def _is_clear(self, user: _User) -> bool:
        return bool(user.id) and self._times[user.id] == 1

    def _lacks_child(self, user: _User) -> bool:
        """An adult of this school who is linked to no child, here or elsewhere; or a row that cannot be read."""
        if not user.row.is_whole:
            return True
        is_family = any(role in user.roles for role in _FAMILY)
        named = any(self._times[child] or child in self._gone for child in _named(user))
        is_tied = self._is_clear(user) and (named or user.id in self._named_by_children)
        return is_family and self._ours.has(user.orgs) and not is_tied

    def _note_absent(self, child: _User, named: frozenset[str]) -> None:
        unclear = {adult for adult in named if self._times[adult] > 1}
        absent = {adult for adult in named if not self._times[adult] and adult not in self._gone}
        if unclear:
            message = (
                "An adult named for this child has a sourcedId that is there twice, so it is not clear who it is."
            )
            self._note(child, "ADULT_NOT_CLEAR", message, whole_row=False)
        if absent and self._package.is_whole:
            message = "An adult named for this child is not in the file."
            self._note(child, "ADULT_NOT_IN_FILE", message, whole_row=False)

    def _note_gone(self, users: list[_User]) -> None:
        for user in users:
            if user.is_gone and self._ours.has(user.orgs):
                message = (
                    "The records system has deleted this person; a file of changes cannot: look at them by hand."
                )
                self._note(user, "PERSON_DELETED", message)

    def _note(self, user: _User, code: str, message: str, *, whole_row: bool = True) -> None:
        self.set_aside.append(SetAside(user.row.number, code, message, whole_row))


def _named(user: _User) -> frozenset[str]:
    """Ids that the row names. None if its cells have shifted."""
    return frozenset(listed(user.row["agentsourcedids"])) if user.row.is_whole else frozenset()


def _adult(user: _User) -> dict[str, str]:
    return {
        "ADULT_FORENAME": user.row["givenname"],
        "ADULT_SURNAME": user.row["familyname"],
        "RELATIONSHIP": user.relationship,
        "EMAIL": user.row["email"],
        "MOBILE": user.row["sms"],
        "PHONE": user.row["phone"],
    }
