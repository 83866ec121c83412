"""The national list compared with the known schools: what opened, closed, was renamed, converted, merged.

A school is never closed because it is missing, and what the partnership set (who sends, lead, mailbox, days kept,
channels, a checked phone number) is never overwritten. A conversion is recognised by links: exactly one school closes,
and exactly one follows. Then the school continues under its new URN, with its pupils and their restrictions
(docs/adr/0014). What may be half of a conversion waits for the other half, because two schools that have begun
separately can never be joined again. A blank cell keeps what is known: a new academy's roll is not published before the
next census.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from everyfamily.core.schools.gias import NationalList
from everyfamily.core.schools.gias_rows import Establishment
from everyfamily.core.schools.official_figures import NATIONAL_LIST, OfficialFigure, imported
from everyfamily.core.schools.school_kinds import ON_ROLL
from everyfamily.core.schools.school_links import Links
from everyfamily.core.schools.school_record import (
    FormerUrn,
    SchoolChange,
    SchoolChanges,
    SchoolRecord,
    StatusDoubt,
    Succession,
)

_NEAR = timedelta(days=366)
"""A school that opens under the number of one that closed within this time may be the same."""


def national_difference(known: Sequence[SchoolRecord], national: NationalList) -> SchoolChanges:
    """What the national list changes. `known` are all stored schools. Once it is applied, the next difference is empty.
    Applied, the next is empty."""
    return _Difference(known, national).computed()


class _Difference:
    def __init__(self, known: Sequence[SchoolRecord], national: NationalList) -> None:
        self._national = national
        self._links = Links(national)
        self._rows = {one.urn: one for one in national.establishments}
        # An entry under a former URN of another school is that school's past.
        self._lives_as = {former.urn: school.urn for school in known for former in school.former}
        self._known = {school.urn: school for school in known if school.urn not in self._lives_as}
        self._done: set[int] = set(self._lives_as)
        self._held: set[int] = set()
        self._found = SchoolChanges()

    def computed(self) -> SchoolChanges:
        self._leave_what_contradicts()
        for school in sorted(self._known.values(), key=lambda school: school.urn):
            self._convert(school)
        self._hold_what_follows_without_a_closing()
        self._hold_the_same_numbers()
        for urn in sorted(self._rows.keys() - self._done):
            self._compare(self._rows[urn])
        self._follow()
        self._find_missing()
        self._name_doubts()
        return self._found

    def _convert(self, school: SchoolRecord) -> None:
        if _is_placeholder(school) and self._links.before.get(school.urn):
            # It opened and closed between two lists, so the school before it continues.
            return
        path = list(self._path(school.urn))
        target = self._rows[path[-1]] if path else None
        if target is None or target.status not in ON_ROLL or target.status_doubt or school.urn in self._done:
            return
        placeholder = self._known.get(target.urn)
        past = [school.urn, *path[:-1]]
        former = {one.urn: one for one in school.former} | {urn: self._former(urn) for urn in past}
        renewed = self._renewed(replace(school, urn=target.urn, successor=None), target)
        renewed = replace(renewed, former=tuple(former[urn] for urn in sorted(former)))
        if placeholder is not None:
            renewed = _as_agreed_with(placeholder, renewed)
            self._stand_in(placeholder, school)
        self._put(school, renewed)
        self._found.converted.append(Succession((school.urn,), (target.urn,)))
        self._done |= {*past, target.urn}
        self._lives_as |= dict.fromkeys(former, target.urn)

    def _path(self, urn: int) -> Iterator[int]:
        """URNs that follow, one for one, each after one that has closed and is not a separate school here."""
        walked = {urn}
        while (row := self._rows.get(urn)) is not None and row.status == "closed":
            new = self._links.only(urn)
            if new is None or new in walked or new in self._lives_as or new not in self._rows:
                return
            if new in self._known and not _is_placeholder(self._known[new]):
                return
            walked.add(new)
            yield new
            urn = new

    def _former(self, urn: int) -> FormerUrn:
        return FormerUrn(urn, self._rows[urn].closed_on or self._links.until.get(urn))

    def _stand_in(self, placeholder: SchoolRecord, school: SchoolRecord) -> None:
        """No entry is ever deleted: the one made for the coming school gets the closed one's place."""
        row = self._rows[school.urn]
        past = SchoolRecord(
            urn=school.urn,
            name=row.name,
            kind=school.kind,
            phase=row.phase,
            status="closed",
            type_code=row.type_code,
            la_code=row.la_code,
            dfe_number=row.dfe_number,
            opened_on=row.opened_on,
            closed_on=row.closed_on,
            successor=placeholder.urn,
        )
        self._found.changes.append(SchoolChange(placeholder, past, stands_in=True))

    def _leave_what_contradicts(self) -> None:
        for old, urn in sorted(self._lives_as.items()):
            if (row := self._rows.get(old)) is not None and row.status in ON_ROLL and not row.status_doubt:
                self._found.contradicted.append(Succession((old,), (urn,)))
                self._done.add(urn)

    def _hold_the_same_numbers(self) -> None:
        """A DfE number that closes and opens, and for which no link says who follows whom."""
        opening: dict[str, list[Establishment]] = defaultdict(list)
        for row in self._rows.values():
            follows_known = self._links.before.get(row.urn, set()) & self._known.keys()
            if row.dfe_number and not follows_known and self._begins(row):
                opening[row.dfe_number].append(row)
        for urn, school in self._known.items():
            closing = self._rows.get(urn)
            number = closing.dfe_number if closing is not None else school.dfe_number
            new = [one for one in opening.get(number, ()) if self._may_follow(school, closing, one)]
            if new:
                self._hold(urn, new)

    def _may_follow(self, school: SchoolRecord, closing: Establishment | None, opening: Establishment) -> bool:
        """Numbers are used again. A list with links may be believed about a school that closed years before."""
        if closing is None or closing.status != "closed":
            return school.is_on_roll
        last = self._rows[[school.urn, *self._path(school.urn)][-1]]
        if last.status != "closed" or self._links.after.get(last.urn):
            return False
        if self._national.links is None or school.status != "closed":
            return True
        if last.closed_on is None or opening.opened_on is None:
            return False
        return abs(opening.opened_on - last.closed_on) <= _NEAR

    def _hold_what_follows_without_a_closing(self) -> None:
        """The one follower of a known school, if a closing on the way is missing from the file because it is cut off or
        still to come."""
        for row in self._rows.values():
            old = self._known_before(row.urn) if self._begins(row) else None
            if old is not None:
                self._hold(old, [row])

    def _known_before(self, urn: int) -> int | None:
        """The school that a URN goes back to, one for one."""
        walked = {urn}
        while len(self._links.before.get(urn, ())) == 1:
            (old,) = self._links.before[urn]
            if self._links.only(old) != urn or old in walked:
                return None
            if old in self._known and not _is_placeholder(self._known[old]):
                return old
            walked.add(old)
            urn = old
        return None

    def _hold(self, old: int, new: Sequence[Establishment]) -> None:
        urns = sorted(one.urn for one in new)
        self._found.perhaps_converted.append(Succession((old,), tuple(urns)))
        if (row := self._rows.get(old)) is not None and row.status == "closed":
            self._done.add(old)
        self._done |= set(urns)
        self._held |= set(urns)

    def _compare(self, row: Establishment) -> None:
        school = self._known.get(row.urn)
        if school is not None:
            self._put(school, self._with_successor(self._renewed(school, row)))
        elif row.kind is not None and row.status != "closed":
            blank = SchoolRecord(urn=row.urn, name=row.name, kind=row.kind, phase=row.phase)
            self._found.changes.append(SchoolChange(None, self._renewed(blank, row)))

    def _with_successor(self, school: SchoolRecord) -> SchoolRecord:
        if school.status != "closed" or len(self._links.after[school.urn]) != 1:
            return school
        (new,) = self._links.after[school.urn]
        new = self._lives_as.get(new, new)
        row = self._rows.get(new)
        comes = row is not None and row.kind is not None and row.status != "closed" and new not in self._held
        return replace(school, successor=new) if new in self._known or comes else school

    def _put(self, school: SchoolRecord, renewed: SchoolRecord) -> None:
        number = self._rows[renewed.urn].phone
        if renewed.phone_checked_at is not None and number and number != renewed.phone:
            self._found.phone_differs.append(renewed)
        if renewed == school:
            self._found.unchanged += 1
        else:
            self._found.changes.append(SchoolChange(school, renewed))

    def _follow(self) -> None:
        """Closures of this time that others follow, reported together if the same schools follow them."""
        told: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for school in self._found.closed:
            following = {self._lives_as.get(urn, urn) for urn in self._links.after[school.urn]}
            if following:
                told[tuple(sorted(following))].append(school.urn)
        self._found.followed = [Succession(tuple(old), new) for new, old in sorted(told.items())]

    def _name_doubts(self) -> None:
        """Rows with a code and words that disagree, with what each is here now."""
        now = {one.after.urn: one.after.status for one in self._found.changes}
        for urn, row in sorted(self._rows.items()):
            if row.status_doubt and row.kind is not None:
                here = self._known.get(urn)
                kept = now.get(urn) or (here.status if here is not None else "not entered yet")
                self._found.status_doubts.append(StatusDoubt(urn, row.name, row.status_doubt, kept))

    def _find_missing(self) -> None:
        self._found.missing = [
            school
            for urn, school in sorted(self._known.items())
            if school.type_code is not None
            and school.la_code in self._national.areas
            and school.status != "closed"
            and self._national.seen.isdisjoint(_urns(school))
        ]

    def _renewed(self, school: SchoolRecord, row: Establishment) -> SchoolRecord:
        """What the national list says, combined with what is known, and without what the partnership set."""
        offered = None if row.pupils is None else OfficialFigure(row.pupils, row.counted_on, NATIONAL_LIST)
        renewed = _renewed(school, row).with_figure(imported(school.figure, offered, self._national.of))
        if row.status_doubt and row.urn in self._known:
            # What is known about it counts until somebody has asked.
            here = self._known[row.urn]
            return replace(renewed, status=here.status, closed_on=here.closed_on, successor=here.successor)
        return renewed

    def _begins(self, row: Establishment) -> bool:
        """It has children in the file, and none here yet."""
        known = self._known.get(row.urn)
        return (
            row.status in ON_ROLL
            and row.kind is not None
            and row.urn not in self._done
            and (known is None or _is_placeholder(known))
        )


def _urns(school: SchoolRecord) -> Iterable[int]:
    return (school.urn, *(former.urn for former in school.former))


def _is_placeholder(school: SchoolRecord) -> bool:
    """Entered when it was about to open, and nothing has happened to it since."""
    return school.status == "proposed to open" and not school.has_people


def _as_agreed_with(placeholder: SchoolRecord, school: SchoolRecord) -> SchoolRecord:
    """What the partnership set for the coming school overrules what it had set for the one that closed."""
    blank = SchoolRecord(placeholder.urn, "", "", "")
    names = ["sends", "lead_role", "mailbox", "keep_days", "channel_policy"]
    if placeholder.phone_checked_at is not None:
        names += ["phone", "phone_checked_at", "phone_checked_by"]
    given = {name: value for name in names if (value := getattr(placeholder, name)) != getattr(blank, name)}
    return replace(school, **given)


def _renewed(school: SchoolRecord, row: Establishment) -> SchoolRecord:
    """Everything except the number of children."""
    checked = school.phone_checked_at is not None
    return replace(
        school,
        name=row.name,
        kind=row.kind or school.kind,
        phase=row.phase,
        status=row.status,
        type_code=row.type_code,
        la_code=row.la_code,
        dfe_number=row.dfe_number or school.dfe_number,
        opened_on=row.opened_on or school.opened_on,
        closed_on=row.closed_on or (school.closed_on if row.status == "closed" else None),
        phone=school.phone if checked or not row.phone else row.phone,
        successor=school.successor if row.status == "closed" else None,
    )
