"""The partnership's own list of schools: lists that the council holds, and what it set for any school.

Columns of our template (CSV). A blank cell keeps what is known, so a list can have only the columns that change. The
national list decides names, kinds and phases of the schools that it brought.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from everyfamily.core.contacts.recipients import ValueNotGood, ValueProblem, email_address
from everyfamily.core.errors import SourceLocation
from everyfamily.core.rolls.model.roll_rows import SetAside
from everyfamily.core.schools.official_figures import LARGEST, OWN_LIST, OfficialFigure, imported
from everyfamily.core.schools.school_cells import day, line_of_text, school_phone, whole_number
from everyfamily.core.schools.school_file import Cells, NotAListOfSchools, SchoolSheet
from everyfamily.core.schools.school_kinds import PHASES, SCHOOL_KINDS
from everyfamily.core.schools.school_record import SchoolChange, SchoolChanges, SchoolRecord
from everyfamily.core.sending.channel_policy import CHOICES

COLUMNS = (
    *("URN", "NAME", "KIND", "PHASE", "ROLL", "ROLL_ON", "SENDS", "LEAD_ROLE", "MAILBOX"),
    *("PHONE", "PHONE_CHECKED_ON", "PHONE_CHECKED_BY", "KEEP_DAYS", "CHANNELS"),
)
FORMAT = "everyfamily schools, CSV"
_LARGEST_URN, _LONGEST_MAILBOX = 9_999_999, 200
LONGEST_KEPT = 365
"""Days for which a school may keep contact values after a mailing."""
LONGEST_LEAD_ROLE = 120
_ON_KINDS = ' An academy is "state primary" or "state secondary". Without it the school is not added.'
_NATIONAL = ("name", "kind", "phase")
_SETTINGS = ("sends", "lead_role", "mailbox", "keep_days", "channel_policy")


@dataclass(frozen=True, slots=True)
class ListedSchool:
    """One row. None stands for a blank cell."""

    row: int
    urn: int
    name: str | None = None
    kind: str | None = None
    phase: str | None = None
    roll_expected: int | None = None
    roll_expected_on: date | None = None
    came_on: date | None = None
    """The day on which the list was imported. A roll without its own day gets this day."""
    sends: str | None = None
    lead_role: str | None = None
    mailbox: str | None = None
    phone: str | None = None
    phone_checked_on: date | None = None
    phone_checked_by: str | None = None
    keep_days: int | None = None
    channel_policy: dict[str, object] | None = None


@dataclass(slots=True)
class SchoolList:
    """What one file contained."""

    rows: int = 0
    schools: list[ListedSchool] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)


def is_own_list(header: Sequence[str]) -> bool:
    """Whether a header is our template's: the URN and at least one more of its columns."""
    names = _names(header)
    return "URN" in names and len(set(names) & set(COLUMNS)) > 1


def read_school_list(data: bytes, *, file: str, today: date) -> SchoolList:
    """Read our template. Raises SchoolsNotReadable. A number cannot have been checked later than `today`."""
    sheet = SchoolSheet(data, file)
    names = _names(sheet.header)
    unknown = [name for name in names if name and name not in COLUMNS]
    if unknown or not is_own_list(sheet.header):
        fact = "The header is not the template's: URN and one more of its columns."
        if unknown:
            fact = f"The header has a column that the template does not know: {unknown[0][:40]}."
        raise NotAListOfSchools(fact, f"Its columns are {', '.join(COLUMNS)}.", SourceLocation(file, 1))
    twice = [name for name in names if name and names.count(name) > 1]
    if twice:
        raise NotAListOfSchools(
            f"The column {twice[0]} is there twice.", "Keep one of the two.", SourceLocation(file, 1)
        )
    sheet.header = names
    found = SchoolList()
    seen: set[int] = set()
    for cells in sheet.rows(COLUMNS, ("URN",)):
        found.rows += 1
        _take(found, cells, seen, today)
    return found


def _names(header: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip().upper().replace(" ", "_") for name in header)


def _take(found: SchoolList, cells: Cells, seen: set[int], today: date) -> None:
    urn = whole_number(cells.by_name["URN"])
    problem: tuple[str, str] | None = None
    if not cells.whole:
        problem = ("ROW_NOT_WHOLE", "The row has more cells than the header.")
    elif not urn or urn > _LARGEST_URN:
        problem = ("URN_NOT_A_NUMBER", "URN is not a number of at most seven digits.")
    elif urn in seen:
        problem = ("URN_TWICE", "The URN is in a row above, and that row counts.")
    if problem is not None or urn is None:
        found.set_aside.append(SetAside(cells.row, *(problem or ("", ""))))
        return
    seen.add(urn)
    found.schools.append(_Row(cells, found.set_aside, today).read(urn))


class _Row:
    """Reads one row. Each value that cannot be read goes to `aside` by itself and counts as blank."""

    def __init__(self, cells: Cells, aside: list[SetAside], today: date) -> None:
        self._cells = cells
        self._aside = aside
        self._today = today

    def read(self, urn: int) -> ListedSchool:
        checked_on, checked_by = self._check()
        return ListedSchool(
            row=self._cells.row,
            urn=urn,
            name=self._text("NAME", 200),
            kind=self._one_of("KIND", SCHOOL_KINDS),
            phase=self._one_of("PHASE", tuple(PHASES.values())),
            roll_expected=self._number("ROLL", LARGEST),
            roll_expected_on=self._counted_on(),
            came_on=self._today,
            sends=self._one_of("SENDS", ("us", "school")),
            lead_role=self._text("LEAD_ROLE", LONGEST_LEAD_ROLE),
            mailbox=self._contact("MAILBOX", _mailbox),
            phone=self._contact("PHONE", school_phone),
            phone_checked_on=checked_on,
            phone_checked_by=checked_by,
            keep_days=self._number("KEEP_DAYS", LONGEST_KEPT),
            channel_policy=self._channels(),
        )

    def _set_aside(self, code: str, message: str) -> None:
        self._aside.append(SetAside(self._cells.row, code, message, whole_row=False))

    def _raw(self, column: str) -> str:
        return self._cells.by_name.get(column, "")

    def _text(self, column: str, longest: int) -> str | None:
        text = line_of_text(self._raw(column), longest)
        if text is None:
            self._set_aside(f"{column}_NOT_READABLE", f"{column} is longer than {longest} letters, or no text.")
        return text or None

    def _one_of(self, column: str, allowed: Sequence[str]) -> str | None:
        by_word = {word.lower(): word for word in allowed}
        raw = self._raw(column).lower()
        if raw and raw not in by_word:
            more = _ON_KINDS if column == "KIND" else ""
            self._set_aside(f"{column}_NOT_KNOWN", f"{column} is not one of: {', '.join(allowed)}.{more}")
        return by_word.get(raw)

    def _number(self, column: str, largest: int) -> int | None:
        raw = self._raw(column)
        number = whole_number(raw)
        if raw and (number is None or number > largest):
            self._set_aside(f"{column}_NOT_A_NUMBER", f"{column} is not a whole number up to {largest:,}.")
            return None
        return number

    def _channels(self) -> dict[str, object] | None:
        name = self._one_of("CHANNELS", tuple(CHOICES))
        return dict(CHOICES[name]) if name else None

    def _counted_on(self) -> date | None:
        raw = self._raw("ROLL_ON")
        on = day(raw)
        if raw and (on is None or on > self._today):
            self._set_aside("ROLL_ON_NOT_A_DAY", "ROLL_ON is not a day that has come, such as 01/10/2026.")
            return None
        return on

    def _contact(self, column: str, read: Callable[[str], str]) -> str | None:
        try:
            return read(raw) if (raw := self._raw(column)) else None
        except ValueNotGood as problem:
            self._set_aside(problem.problem.name, problem.problem.value)
            return None

    def _check(self) -> tuple[date | None, str | None]:
        on, by = day(self._raw("PHONE_CHECKED_ON")), self._text("PHONE_CHECKED_BY", 80)
        if not self._raw("PHONE_CHECKED_ON") and by is None:
            return None, None
        if on is None or on > self._today or by is None or not self._raw("PHONE"):
            message = "A check needs PHONE, PHONE_CHECKED_ON (a day that has come) and PHONE_CHECKED_BY."
            self._set_aside("PHONE_CHECK_NOT_WHOLE", message)
            return None, None
        return on, by


def _mailbox(raw: str) -> str:
    if len(raw) > _LONGEST_MAILBOX:
        raise ValueNotGood(ValueProblem.EMAIL_NOT_VALID)
    return email_address(raw)


def own_difference(known: Sequence[SchoolRecord], listed: SchoolList) -> SchoolChanges:
    """What the partnership's own list changes. Once it is applied, the next difference is empty."""
    found = SchoolChanges()
    former = {one.urn: school for school in known for one in school.former}
    by_urn = {school.urn: school for school in known} | former
    met: set[int] = set()
    said = {one.row for one in listed.set_aside if one.code in ("KIND_NOT_KNOWN", "NAME_NOT_READABLE")}
    for row in listed.schools:
        school = by_urn.get(row.urn)
        if school is None:
            _add(found, row, is_said=row.row in said)
        elif school.urn in met:
            message = "A school in a row above had this URN before, and that row counts."
            found.set_aside.append(SetAside(row.row, "URN_TWICE", message))
        else:
            met.add(school.urn)
            _renew(found, school, row)
    return found


def _add(found: SchoolChanges, row: ListedSchool, *, is_said: bool) -> None:
    """Add a school, or set its row aside. `is_said` is true if its name or kind was given and already set aside."""
    if row.name is None or row.kind is None:
        if is_said:
            return
        message = "This URN is new. To add the school, the row needs NAME and KIND."
        found.set_aside.append(SetAside(row.row, "NEW_WITHOUT_NAME", message))
        return
    blank = SchoolRecord(urn=row.urn, name=row.name, kind=row.kind, phase=row.phase or PHASES[0])
    found.changes.append(SchoolChange(None, _with_phone(_with_settings(found, blank, row), row)))


def _renew(found: SchoolChanges, school: SchoolRecord, row: ListedSchool) -> None:
    given = {name: value for name in _NATIONAL if (value := getattr(row, name)) is not None}
    if school.type_code is None:
        renewed = replace(school, **given)
    else:
        renewed = school
        if any(getattr(school, name) != value for name, value in given.items()):
            message = "NAME, KIND and PHASE of this school are the national list's; they stay."
            found.set_aside.append(SetAside(row.row, "FROM_NATIONAL_LIST", message, whole_row=False))
    renewed = _with_phone(_with_settings(found, renewed, row), row)
    if row.phone and renewed.phone != row.phone:
        found.phone_differs.append(renewed)
    if renewed == school:
        found.unchanged += 1
    else:
        found.changes.append(SchoolChange(school, renewed))


def _with_settings(found: SchoolChanges, school: SchoolRecord, row: ListedSchool) -> SchoolRecord:
    given = {name: value for name in _SETTINGS if (value := getattr(row, name)) is not None}
    renewed = replace(school, **given)
    if row.roll_expected is None:
        return renewed
    figure = imported(
        school.figure, OfficialFigure(row.roll_expected, row.roll_expected_on, OWN_LIST), row.came_on
    )
    if figure is not None and figure.children != row.roll_expected:
        message = "ROLL is older than the figure that is known, which stays."
        found.set_aside.append(SetAside(row.row, "ROLL_IS_OLDER", message, whole_row=False))
    return renewed.with_figure(figure)


def _with_phone(school: SchoolRecord, row: ListedSchool) -> SchoolRecord:
    if row.phone is None:
        return school
    if row.phone_checked_on is not None:
        at = datetime.combine(row.phone_checked_on, time(), UTC)
        return replace(school, phone=row.phone, phone_checked_at=at, phone_checked_by=row.phone_checked_by)
    return school if school.phone_checked_at is not None else replace(school, phone=row.phone)
