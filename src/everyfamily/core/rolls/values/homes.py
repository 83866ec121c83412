"""An adult's home from the cells of one row: its lines, or words that point at another adult's home.

"Same as mum" is the mother's address, from the child's earlier row or cells. A note in place of an address ("NFA",
"works away, post to mum") is nobody's home, whatever postcode is next to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from everyfamily.core.contacts.address_words import BUILDINGS, STREETS
from everyfamily.core.contacts.recipients import PostalAddress, ValueNotGood, ValueProblem, postal_address
from everyfamily.core.rolls.model import row_messages
from everyfamily.core.rolls.values.cells import text_of
from everyfamily.core.rolls.values.postal_block import lines_of_block
from everyfamily.core.rolls.words import words
from everyfamily.core.rolls.words.closing_words import closes

LINES = tuple(f"ADDRESS_{number}" for number in range(1, 6))
_RELATED = (
    r"mum|mummy|mam|mother|dad|daddy|father|nan|nana|gran|grandma|grandad|granddad|grandmother|grandfather|grandparents?"
    r"|step-? ?(?:mum|dad|mother|father)|aunt|auntie|uncle|carer|foster carer|partner|parent"
)
_OTHERS = (
    rf"(?:{_RELATED}|(?:parent|carer|contact|guardian|adult|parent/carer) ?[1-9]|first (?:parent|contact|carer))"
)
_POINTS = re.compile(
    r"(?:(?:address|lives?|living|lived|resides?|is|the|same|see|c/o|care of|as|for|like|with|at|of) +)*"
    rf"(?P<whom>{_OTHERS}|above|previous)(?:['\u2019]?s)?(?: (?:address|home|house|details))?"
    r"|(?:the )?same(?: address)?|ditto|do|\"|\u201d|\u3003",
    re.IGNORECASE,
)
_NO_HOME = re.compile(
    r"n\.?f\.?a\.?|(?:of )?no fixed (?:abode|address)|homeless|sofa surfing|none|n/?a|\?+|t\.?b\.?[ac]\.?"
    r"|to be (?:confirmed|advised)|unsure|prefer not to say|no address.*|abroad|overseas"
    r"|(?:address )?(?:is )?(?:not (?:known|sure|given|provided|held|disclosed|on file|available|applicable)|unknown"
    r"|refused|declined|pending|changed|private|(?:awaiting|waiting for) (?:new )?address)"
    r"|(?:i )?(?:don['\u2019]?t|do not) know|moved(?: (?:out|away|house|abroad))?\b.*|moving\b.*"
    r"|(?:lives?|living|works?|working|is|currently|now) (?:away|abroad|overseas|elsewhere|separately)\b.*"
    r"|(?:please )?(?:post|send|write|letters?|mail)\b.* to .*|see (?:notes?|file|below|office|comments?)"
    r"|ask (?:office|school|parent)|c/o (?:the )?(?:school|office)"
    r"|temporary(?: accommodation| address| housing)?|staying with .*",
    re.IGNORECASE,
)
_A_PHONE = re.compile(
    r"(?:tel(?:ephone)?|ph(?:one)?|mob(?:ile)?|home|work|[tmh])\b[ .:]*(?:no|number)?[ .:]*\+?[0-9 ()\-]{9,18}",
    re.IGNORECASE,
)
_BETWEEN_NOTES = re.compile(r"\s+[-\u2013\u2014]+\s+|[;,]\s*")
_LONGEST_NOTE = 60
_WORDS_OF_A_NAME = 3


def points_at(text: str) -> str | None:
    """Whose home the words point at: a relationship, "first", or blank for the one above. None if they do not point at
    a home."""
    if text[:1].isdigit() or len(text) > _LONGEST_NOTE:
        return None
    found = _POINTS.fullmatch(" ".join(text.strip(" .,()'\u2018").split()))
    if not found:
        return None
    whom = (found["whom"] or "").casefold()
    if whom in ("", "above", "previous"):
        return ""
    number = whom[-1]
    if number.isdigit() or whom.startswith("first"):
        return number if number.isdigit() else "1"
    return words.relationships()[whom] or ""


@lru_cache(4096)
def is_no_home(line: str) -> bool:
    """Whether a line is a note in place of an address, a phone's number, or points at another home."""
    if any(map(str.isdigit, line)) or len(line) > _LONGEST_NOTE:
        return _A_PHONE.fullmatch(line[: _LONGEST_NOTE + 1]) is not None
    plain = " ".join(line.strip(" .,()'\u2018").split())
    if points_at(plain) is not None:
        return True
    if closes(plain):
        # "Refuge Cottage" closes, but is a home.
        ends = plain.casefold().split()
        return len(ends) > _WORDS_OF_A_NAME or ends[-1] not in (*BUILDINGS, *STREETS)
    pieces = [piece for piece in _BETWEEN_NOTES.split(plain) if piece]
    return bool(pieces) and _NO_HOME.fullmatch(pieces[0]) is not None


class Homes:
    """Reads the address of each row in a sheet that has these columns. `set_aside` takes a code, a sentence and the
    column."""

    def __init__(self, columns: frozenset[str], set_aside: Callable[[str, str, str], None]) -> None:
        self._set_aside = set_aside
        self._by_block = "ADDRESS" in columns
        self._lines = [column for column in LINES if column in columns]
        self._child = ""
        self._met: list[tuple[str, PostalAddress]] = []
        """Relationship and home of the child's adults so far."""
        self._columns = (*self._lines, "POSTCODE", *(("ADDRESS",) if self._by_block else ()))
        self._known: dict[tuple[str, ...], PostalAddress] = {}
        """By the texts of its cells, because most homes are in several rows."""

    def of(self, cells: Mapping[str, str], child: str, relationship: str) -> PostalAddress | None:
        """The home of one row's adult, or None."""
        if child != self._child:
            self._child, self._met = child, []
        texts = tuple([cells.get(column, "") for column in self._columns])
        found = self._known.get(texts) or self._read(cells, texts)
        if found is not None:
            self._met.append((relationship, found))
        return found

    def _read(self, cells: Mapping[str, str], texts: tuple[str, ...]) -> PostalAddress | None:
        raw = [line for column in self._lines if (line := cells.get(column))]
        postcode = cells.get("POSTCODE", "")
        block = cells.get("ADDRESS", "") if self._by_block else ""
        if not (postcode or block or raw):
            return None
        if (whom := points_at(" ".join(raw) or block)) is not None:
            return self._pointed_at(whom)
        if block and not raw:
            raw, postcode = lines_of_block(block, postcode)
        lines, code = list(map(text_of, raw)), text_of(postcode)
        if code is None or None in lines:
            self._set_aside("FORMULA_IN_CELL", row_messages.formula("the address"), "ADDRESS")
            return None
        written = [line for line in lines if line]
        kept = [line for line in written if not is_no_home(line)]
        try:
            if written and not kept:
                raise ValueNotGood(ValueProblem.ADDRESS_WITH_WORDS)
            home = self._known[texts] = postal_address(kept, code)
            return home
        except ValueNotGood as problem:
            self._set_aside(problem.problem.name, problem.problem.value, _column_of(problem.problem))
            return None

    def _pointed_at(self, whom: str) -> PostalAddress | None:
        homes = _of(self._met, whom)
        if homes:
            return homes[-1]
        problem = ValueProblem.ADDRESS_WITH_WORDS
        self._set_aside(problem.name, problem.value, _column_of(problem))
        return None


def _column_of(problem: ValueProblem) -> str:
    return "POSTCODE" if problem.name.startswith("POSTCODE") else "ADDRESS"


def _of(met: Sequence[tuple[str, PostalAddress]], whom: str) -> list[PostalAddress]:
    if whom.isdigit():
        return [home for _, home in met[int(whom) - 1 : int(whom)]]
    return [home for relationship, home in met if whom in ("", relationship)]
