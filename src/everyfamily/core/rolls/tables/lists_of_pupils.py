"""Sheets of children without adults, beside other sheets that have their contacts: joined by the child's id.

A child without a contact is a child all the same, and a contact whose id is no pupil's belongs to nobody here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from everyfamily.core.rolls.model import row_messages
from everyfamily.core.rolls.model.roll_rows import NOT_SAID, Roll, RollRow, SetAside
from everyfamily.core.rolls.model.sheet import Sheet
from everyfamily.core.rolls.tables.table import Header

_SHARED = 0.5
"""The share of ids that a sheet has in common with the contacts, of the fewer of both; and of the contacts' children
who are on the sheets together. Numbers of something else share few."""
type _Rows = list[tuple[int, list[str]]]


def lists_of_pupils[Found](
    sheets: Sequence[Found], ids: Collection[str], read: Callable[[Found], tuple[Header, _Rows] | None]
) -> list[tuple[Found, Header]]:
    """Which of the sheets list the children whose contacts have these `ids`, each with its headings: the id is the one
    by which they join."""
    alike: dict[tuple[str, ...], list[tuple[Found, Header, _Rows]]] = {}
    for one in sheets if ids else ():
        if (its := read(one)) is not None:
            alike.setdefault(its[0].headings, []).append((one, *its))
    found, together = [], set[str]()
    for same in alike.values():
        # Sheets with the same headings, one for each class, are one list.
        columns = same[0][1].export.ids if same[0][1].export else []
        own = {at: {row[at] for *_, rows in same for _, row in rows} - {""} for at in columns}
        at = max(own, key=lambda at: len(own[at] & set(ids)), default=None)
        if at is not None and len(own[at] & set(ids)) >= _SHARED * max(1, min(len(own[at]), len(ids))):
            found += [(one, header.joined_by(at)) for one, header, _ in same]
            together |= own[at]
    return found if len(together & set(ids)) >= _SHARED * len(ids) else []


def set_aside_contacts_of_nobody(roll: Roll, parts: Sequence[Sheet], ends: Sequence[int]) -> dict[int, str]:
    """If sheets list the pupils, take out rows of the other sheets whose id is none of theirs. Returns the ids by
    row. `ends`: how many rows there were after each part.

    A sheet that gives a year or a class lists children by itself. An adult who is held stays, so that nobody who shares
    a home or a name with them is freer.
    """
    if not any(part.lists_pupils for part in parts):
        return {}
    begins = [0, *ends[:-1]]
    by_part = [(part, roll.rows[begin:end]) for part, begin, end in zip(parts, begins, ends, strict=True)]
    pupils = {row.pupil_id for part, rows in by_part if part.lists_pupils for row in rows}
    kept: list[RollRow] = []
    out: dict[int, str] = {}
    for part, rows in by_part:
        of_contacts = not part.lists_pupils and part.columns.isdisjoint(("YEAR_GROUP", "CLASS"))
        for row in rows:
            if of_contacts and row.pupil_id not in pupils and _is_open(row):
                roll.set_aside.append(SetAside(row.row, "CONTACT_OF_NO_PUPIL", row_messages.OF_NO_PUPIL))
                out[row.row] = row.pupil_id
            else:
                kept.append(row)
    roll.rows = kept
    return out


def _is_open(row: RollRow) -> bool:
    return not row.objects and (row.restriction, row.restriction_reason) in (("none", ""), ("unknown", NOT_SAID))
