"""What a row says about whether the adult may be written to: the strictest of all that it says.

If nothing is said, that is "unknown", never "none". A column for court orders says that there is an order and not what
it orders, so a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from everyfamily.core.rolls.model.roll_rows import NOT_READABLE, NOT_SAID, RESTRICTIONS, VALUE_NOT_READ
from everyfamily.core.rolls.values.cells import text_of
from everyfamily.core.rolls.words import words
from everyfamily.core.rolls.words.answers import NOTHING_SAID
from everyfamily.core.rolls.words.closing_words import closes

type _Said = tuple[str, str]
"""A restriction, and the reason for one that the file did not say."""

_NOTHING: _Said = ("unknown", NOT_SAID)
_UNREADABLE: _Said = ("unknown", NOT_READABLE)
_NOT_READ: _Said = ("unknown", VALUE_NOT_READ)
_HELD: _Said = ("hold", "")
_SAID_UNKNOWN: _Said = ("unknown", "")


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
        self._closes: dict[str, bool] = {}
        self.not_read: list[tuple[str, str]] = []
        """(column, text) of what nobody knows in the row that was last asked about."""

    def of(self, cells: Mapping[str, str]) -> tuple[str, str]:
        """The restriction of one row and its reason (core/rolls/model/roll_rows.py, RESTRICTION_REASONS)."""
        texts = tuple([cells.get(column, "") for column in self._columns])
        self.not_read = []
        known = self._known.get(texts)
        if known is not None:
            return known
        said = [read(text) for read, text in zip(self._reads, texts, strict=True)]
        strictest = max((self._least, *said), key=_strictness)
        if strictest == _SAID_UNKNOWN and _NOT_READ in said:
            strictest = _UNREADABLE
        if not self.not_read:
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
        if word is None and self._orders[text] in ("yes", "no"):
            # Whether there is one, asked and answered.
            return self._court_order(text)
        return (word, "") if word is not None else self._not_known("RESTRICTION", text, RESTRICTIONS)

    def _court_order(self, text: str) -> _Said:
        if not text:
            return _NOTHING
        answer = self._orders[text]
        if answer is None:
            return self._not_known("COURT_ORDER", text, ("yes", "no"))
        return _NOTHING if answer == NOTHING_SAID else _HELD if answer == "yes" else ("none", "")

    def _correspondence(self, text: str) -> _Said:
        if not text:
            return "none", ""
        answer = self._letters[text]
        if answer is None:
            return self._not_known("CORRESPONDENCE", text, ("yes", "no"))
        return _HELD if answer == "no" else ("none", "")

    def _not_to_write(self, text: str) -> _Said:
        """For a column that nobody knows: anything except "no" holds."""
        return _HELD if text and self._orders[text] != "no" else ("none", "")

    def _not_known(self, column: str, text: str, known: Iterable[str]) -> _Said:
        """The lead reads the same word once, unless it has words that close or is a formula: then each adult is decided
        about."""
        self._set_aside(f"{column}_NOT_KNOWN", f"{column} is not one of: {', '.join(known)}.", column)
        self.not_read.append((column, text))
        if text not in self._closes:
            self._closes[text] = text_of(text) is None or closes(text)
        return _UNREADABLE if self._closes[text] else _NOT_READ


def _strictness(said: _Said) -> tuple[int, int]:
    restriction, reason = said
    return RESTRICTIONS.index(restriction), (NOT_SAID, VALUE_NOT_READ, "", NOT_READABLE).index(reason)
