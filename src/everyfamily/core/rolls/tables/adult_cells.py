"""Where the cells of each adult are in an export with a known layout, and what they have in a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from everyfamily.core.rolls.layout.address_parts import AS_ABOVE, AS_CHILD, AddressParts
from everyfamily.core.rolls.layout.layout import Layout
from everyfamily.core.rolls.layout.layout_columns import Column
from everyfamily.core.rolls.values.adults_in_cells import are_between_commas, parted
from everyfamily.core.rolls.values.repeated import furthest
from everyfamily.core.rolls.values.still_here import link_has_ended
from everyfamily.core.rolls.values.written_names import name_as_spoken
from everyfamily.core.rolls.words.words import yes_no

type Row = Sequence[str]

_PLAIN = (
    *("RELATIONSHIP", "PARENTAL_RESPONSIBILITY", "HAS_CARE", "PRIORITY"),
    *("LANGUAGE", "FORMAT", "CHANNEL", "ADULT_TITLE"),
)
_JOINED = ("EMAIL", "MOBILE", "PHONE", "NOTES")
_ALSO = {"EMAIL": ("EMAIL_AND_PHONE",), "PHONE": ("EMAIL_AND_PHONE",)}
"""Columns that contain one of these in addition to another."""
CLOSING = ("CORRESPONDENCE", "NOT_TO_WRITE", "LEAVING", "DECEASED", "ON_ROLL")
_ADULTS_CLOSING = (*CLOSING, "RESTRICTION", "COURT_ORDER", "OBJECTS")
"""If an adult has several columns of one of these, each is read, and the one that closes furthest counts."""
_ANSWERS = yes_no()


@dataclass(slots=True)
class AdultCells:
    """Where one adult's cells are."""

    number: int
    name: tuple[int, ...]
    forename: tuple[int, ...]
    surname: tuple[int, ...]
    plain: tuple[tuple[str, int], ...]
    joined: tuple[tuple[str, tuple[int, ...]], ...]
    closing: tuple[tuple[str, tuple[int, ...]], ...]
    address: AddressParts
    same_address: tuple[int, ...]
    link: tuple[tuple[str, int], ...]
    if_different: bool
    said: str
    surname_first: bool
    commas: bool
    """The name's cells have several adults, with commas between them."""
    own: tuple[int, ...]
    alone: tuple[int, ...]
    """Those of `own` that are nobody else's too. An adult is in a row if one of them is filled."""

    def said_in(self, row: Row) -> str:
        """The relationship, from the row or from the headings."""
        return next((row[at] for what, at in self.plain if what == "RELATIONSHIP" and row[at]), self.said)

    def name_in(self, row: Row) -> str:
        """The words of the name, in any order."""
        return " ".join(row[at] for at in (*self.name, *self.forename, *self.surname))

    @classmethod
    def of(cls, layout: Layout, number: int, rows: Sequence[Row]) -> Self:
        """Where they are for the adult with this number, from 1. `rows` are the first ones of the file."""

        def of(*whats: str) -> list[Column]:
            return layout.of(number, *whats)

        forename = of("FORENAME")[:1] or of("FORENAME/preferred")[:1]
        surname = of("SURNAME")[:1] or of("SURNAME/preferred")[:1]
        name = of("NAME")[:1] if not (forename and surname) else []
        if name:
            forename, surname = [], []
        address = AddressParts.of(layout, number)
        own = tuple(one.index for one in layout.columns if one.owner == number)
        plain = tuple((what, of(what)[0].index) for what in _PLAIN if of(what))
        joined = [
            (what, tuple(one.index for one in of(what, *_ALSO.get(what, ()))))
            for what in _JOINED
            if what != "NOTES" and of(what, *_ALSO.get(what, ()))
        ]
        closing = closing_of(layout, number, _ADULTS_CLOSING)
        read = {index for _, index in plain} | {index for _, all_ in (*joined, *closing) for index in all_}
        read |= {*address.indexes, *(one.index for one in (*name, *forename, *surname))}
        # For one adult they are unread columns, with headings that a message can name.
        notes = tuple(index for index in own if index not in read)
        if notes and layout.adults > 1:
            joined.append(("NOTES", notes))
        return cls(
            number,
            tuple(one.index for one in name),
            tuple(one.index for one in forename),
            tuple(one.index for one in surname),
            plain,
            tuple(joined),
            closing,
            address,
            tuple(one.index for one in of("SAME_ADDRESS")),
            tuple((one.text, one.index) for one in of("LINK")),
            any("if different" in one.text or "if not the same" in one.text for one in of("ADDRESS")),
            layout.said.get(number, ""),
            number in layout.surname_first,
            bool(name) and _has_commas(rows, name[0].index, [one.index for one in of("EMAIL")]),
            own if layout.adults > 1 else tuple(index for index in own if index in read),
            tuple(index for index in own if index not in layout.shared),
        )

    def cells(self, row: Row, childs: AddressParts) -> dict[str, str]:
        """The adult's cells of a row. Their address may be the child's."""
        cells = {what: row[index] for what, index in self.plain}
        cells |= {what: "\n".join(filter(None, [row[index] for index in all_])) for what, all_ in self.joined}
        cells |= {what: furthest(what, [row[index] for index in all_]) for what, all_ in self.closing}
        for what, indexes in (
            ("ADULT_NAME", self.name),
            ("ADULT_FORENAME", self.forename),
            ("ADULT_SURNAME", self.surname),
        ):
            if indexes:
                cells[what] = row[indexes[0]]
        if self.name:
            title = cells.get("ADULT_TITLE", "")
            name = parted(cells["ADULT_NAME"], cells.get("EMAIL", "")) if self.commas else cells["ADULT_NAME"]
            if name == cells["ADULT_NAME"]:
                name = name_as_spoken(name, surname_first=self.surname_first)
            cells["ADULT_NAME"] = f"{title} {name}" if title and name and not name.startswith(title) else name
        if any(link_has_ended(text, row[index]) for text, index in self.link):
            cells["LINK_ENDED"] = "yes"
        if self.said and not cells.get("RELATIONSHIP"):
            cells["RELATIONSHIP"] = self.said
        if self.address.indexes or self.same_address:
            cells |= self._address(row, childs)
        return cells

    def _address(self, row: Row, childs: AddressParts) -> dict[str, str]:
        lines, postcode = self.address.written(row)
        same = any(_ANSWERS[row[index]] == "yes" for index in self.same_address) and not lines
        if self.if_different and not (lines or postcode):
            # "Address (if different)": blank means the address of the one before.
            lines = "same"
        words = lines.strip(" .,'\"()")
        if (same or AS_CHILD.fullmatch(words) or AS_ABOVE.fullmatch(words)) and childs.indexes:
            lines, own = childs.written(row)
            postcode = own or postcode
        elif AS_CHILD.fullmatch(words):
            lines, postcode = "", ""
        return {"ADDRESS": lines, "POSTCODE": postcode}


def _has_commas(first: Sequence[Row], name: int, emails: Sequence[int]) -> bool:
    rows = (row for row in first if max(name, *emails, 0) < len(row))
    return are_between_commas((row[name], "\n".join(row[at] for at in emails)) for row in rows)


def closing_of(layout: Layout, owner: int, kinds: Sequence[str]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The columns of each kind, of one adult or of the row."""
    found = [(what, tuple(one.index for one in layout.of(owner, what))) for what in kinds]
    return tuple((what, indexes) for what, indexes in found if indexes)
