"""What a row says about whether the adult may be written to: the strictest of all that it says.

If nothing is said, that is "unknown", never "none". A column for court orders says that there is an order and not what
it orders, so a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from everyfamily.core.rolls.model.roll_rows import NOT_READABLE, NOT_SAID, RESTRICTIONS
from everyfamily.core.rolls.words import words
from everyfamily.core.rolls.words.answers import NOTHING_SAID

type _Said = tuple[str, str]
"""A restriction, and the reason for one that the file did not say."""

_NOTHING: _Said = ("unknown", NOT_SAID)
_UNREADABLE: _Said = ("unknown", NOT_READABLE)
_HELD: _Said = ("hold", "")


class Restrictions:
    """Reads the restriction of each row in a sheet that has these columns."""

    def __init__(self, columns: frozenset[str], set_aside: Callable[[str, str, str], None]) -> None:
        self._set_aside = set_aside
        self._restrictions = words.restrictions()
        self._orders = words.orders()
        self._letters = words.letters()
        speaking = (
            ("RESTRICTION", self._restriction),
            ("COURT_ORDER", self._court_order),
            ("CORRESPONDENCE", self._correspondence),
            ("NOT_TO_WRITE", self._not_to_write),
        )
        self._columns = [column for column, _ in speaking if column in columns]
        self._reads = [read for column, read in speaking if column in columns]
        # Only these two can say "none".
        said_at_all = not columns.isdisjoint(("RESTRICTION", "COURT_ORDER"))
        self._least: _Said = ("none", "") if said_at_all else _NOTHING
        self._known: dict[tuple[str, ...], _Said] = {}
        self._unreadable = 0

    def of(self, cells: Mapping[str, str]) -> tuple[str, str]:
        """The restriction of one row and its reason (core/rolls/model/roll_rows.py, RESTRICTION_REASONS)."""
        texts = tuple([cells.get(column, "") for column in self._columns])
        known = self._known.get(texts)
        if known is not None:
            return known
        before = self._unreadable
        said = [read(text) for read, text in zip(self._reads, texts, strict=True)]
        strictest = max((self._least, *said), key=_strictness)
        if self._unreadable == before:
            # What cannot be read is set aside again in each row.
            self._known[texts] = strictest
        return strictest

    def no_answers(self, cells: Mapping[str, str]) -> list[str]:
        """The cells of these columns that are no plain answer."""
        texts = (cells.get(column, "") for column in self._columns)
        known = self._restrictions, self._orders, self._letters
        return [text for text in texts if text and not any(table[text] for table in known)]

    def _restriction(self, text: str) -> _Said:
        if not text:
            return _NOTHING
        word = self._restrictions[text]
        if word is not None:
            return word, ""
        self._unreadable += 1
        message = f"RESTRICTION is not one of: {', '.join(RESTRICTIONS)}."
        self._set_aside("RESTRICTION_NOT_KNOWN", message, "RESTRICTION")
        return _UNREADABLE

    def _court_order(self, text: str) -> _Said:
        if not text:
            return _NOTHING
        answer = self._answer("COURT_ORDER", text)
        if answer is None:
            return _UNREADABLE
        return _NOTHING if answer == NOTHING_SAID else _HELD if answer == "yes" else ("none", "")

    def _correspondence(self, text: str) -> _Said:
        if not text:
            return "none", ""
        answer = self._letters[text]
        if answer is None:
            self._unreadable += 1
            message = "CORRESPONDENCE is not one of: yes, no."
            self._set_aside("CORRESPONDENCE_NOT_KNOWN", message, "CORRESPONDENCE")
            return _UNREADABLE
        return _HELD if answer == "no" else ("none", "")

    def _not_to_write(self, text: str) -> _Said:
        """For a column that nobody knows: anything except "no" holds."""
        return _HELD if text and self._orders[text] != "no" else ("none", "")

    def _answer(self, column: str, text: str) -> str | None:
        answer = self._orders[text]
        if answer is None:
            self._unreadable += 1
            self._set_aside(f"{column}_NOT_KNOWN", f"{column} is not one of: yes, no.", column)
        return answer


def _strictness(said: _Said) -> tuple[int, int]:
    restriction, reason = said
    return RESTRICTIONS.index(restriction), (NOT_SAID, "", NOT_READABLE).index(reason)
