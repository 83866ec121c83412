"""An adult's inboxes and phones from the cells of one row. What cannot be used is set aside by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from everyfamily.core.contacts.recipients import ValueNotGood, ValueProblem, email_address, mobile_number
from everyfamily.core.rolls.values.cells import text_of
from everyfamily.core.rolls.values.several_values import LeftOut, emails_in, numbers_in, own_words

PHONES = ("MOBILE", "MOBILE_2", "PHONE")
_COLUMNS = ("EMAIL", "EMAIL_2", *PHONES)
_PERHAPS_SEVERAL = (
    *(ValueProblem.EMAIL_SEVERAL, ValueProblem.EMAIL_NOT_VALID),
    *(ValueProblem.PHONE_WITH_WORDS, ValueProblem.PHONE_NOT_VALID),
)
"""What is wrong with a cell that may contain several values, or words next to them."""

_FLOAT = re.compile(r"(\+?[0-9]{9,13})\.0+")
_POWER = re.compile(r"([0-9])[.,]([0-9]{8,12})E\+?0*([0-9]{1,2})", re.IGNORECASE)

type Found = tuple[str | None, str | None, tuple[tuple[str, str], ...]]
"""The first email address, the first mobile number, and the others as (channel, value)."""


class Ways:
    """Reads the cells of a sheet that has these columns. `set_aside` takes a code, a sentence and the column."""

    def __init__(
        self, columns: frozenset[str], set_aside: Callable[[str, str, str], None], *, demonstration: bool
    ) -> None:
        self._set_aside = set_aside
        self._demonstration = demonstration
        self._further = not columns.isdisjoint(("EMAIL_2", "MOBILE_2", "PHONE"))
        self._columns = [column for column in _COLUMNS if column in columns]
        self._known: dict[tuple[str, ...], Found] = {}
        """By the texts of its cells, which together are one value, because an adult has a row for each child."""
        self._is_plain = True

    def of(self, cells: Mapping[str, str], name: str, relationship: str) -> Found:
        """The ways of one row's adult. A value that is given twice counts once."""
        texts = tuple([cells.get(column, "") for column in self._columns])
        if (known := self._known.get(texts)) is not None:
            return known
        self._is_plain = True
        found = self._of(cells, name, relationship)
        if self._is_plain:
            self._known[texts] = found
        return found

    def _of(self, cells: Mapping[str, str], name: str, relationship: str) -> Found:
        emails = self._read(cells, "EMAIL", (name, relationship))
        mobiles = self._read(cells, "MOBILE", (name, relationship))
        if self._further:
            emails += self._read(cells, "EMAIL_2", (name, relationship))
            mobiles += self._read(cells, "MOBILE_2", (name, relationship))
            if not mobiles and not cells.get("MOBILE"):
                mobiles = self._read(cells, "PHONE", (name, relationship))
        if len(emails) < 2 and len(mobiles) < 2:
            return (emails[0] if emails else None), (mobiles[0] if mobiles else None), ()
        first_email, *more_emails = dict.fromkeys(emails) or (None,)
        first_mobile, *more_mobiles = dict.fromkeys(mobiles) or (None,)
        also = (*(("email", one) for one in more_emails), *(("text", one) for one in more_mobiles))
        return first_email, first_mobile, also

    def _read(self, cells: Mapping[str, str], column: str, whose: tuple[str, str]) -> list[str]:
        raw = cells.get(column)
        if not raw:
            return []
        # A number with its country code is not a formula, whatever words are next to it.
        text = raw if raw[0] == "+" and column in PHONES else text_of(raw)
        if text is None:
            self._is_plain = False
            self._set_aside(
                "FORMULA_IN_CELL",
                f"There is a formula or an error of a spreadsheet in {column}: its result is not believed.",
                column,
            )
            return []
        if not text:
            return []
        try:
            return [email_address(text) if column.startswith("EMAIL") else self._number(column, text)]
        except ValueNotGood as problem:
            fault = problem.problem
        self._is_plain = False
        if fault is ValueProblem.PHONE_NOT_MOBILE and column == "PHONE":
            # A column for any phone: a landline there is not a mistake, but nothing can be sent to it.
            return []
        found: list[str] = []
        left: ValueProblem | None = fault
        if fault in _PERHAPS_SEVERAL:
            found, left = self._several(column, text, whose, fault)
        if left is not None:
            self._set_aside(left.name, left.value, column)
        return found

    def _number(self, column: str, text: str) -> str:
        return mobile_number(_as_digits(text), demonstration=self._demonstration)

    def _several(
        self, column: str, text: str, whose: tuple[str, str], whole: ValueProblem
    ) -> tuple[list[str], ValueProblem | None]:
        """The values of a cell that contains more than one, or words next to it; or what is wrong with the cell."""
        is_email = column.startswith("EMAIL")
        taken = (emails_in if is_email else numbers_in)(text, own_words(*whose))
        found: dict[str, None] = {}
        faults: dict[ValueProblem, None] = {}
        for one in taken.values:
            try:
                found[email_address(one) if is_email else self._number(column, one)] = None
            except ValueNotGood as problem:
                faults[problem.problem] = None
        only_landlines = bool(taken.values) and set(faults) <= {ValueProblem.PHONE_NOT_MOBILE}
        not_for_texts = taken.left_out is LeftOut.NOT_FOR_TEXTS
        if not found:
            if only_landlines and not not_for_texts:
                return [], None if column == "PHONE" else ValueProblem.PHONE_NOT_MOBILE
            return [], ValueProblem.PHONE_NOT_FOR_TEXTS if not_for_texts else whole
        for fault in faults:
            # A landline next to a mobile is not a slip.
            if fault is not ValueProblem.PHONE_NOT_MOBILE:
                self._set_aside(fault.name, fault.value, column)
        left_out = ValueProblem.PHONE_NOT_FOR_TEXTS if not_for_texts else whole if taken.left_out else None
        return list(found), left_out


def _as_digits(number: str) -> str:
    """A whole number without what a spreadsheet wrote after or around it, if no digit is lost."""
    if found := _FLOAT.fullmatch(number):
        return found[1]
    found = _POWER.fullmatch(number)
    return found[1] + found[2] if found and len(found[2]) == int(found[3]) else number
