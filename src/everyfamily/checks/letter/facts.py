"""Sentences that state a fact that somebody must have found out: figures, shares, what research or the law says."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence

from everyfamily.checks.text.pieces import Piece

_SMALL = "one|two|three|four|five|six|seven|eight|nine|ten"
_PEOPLE = (
    "children|young people|teenagers|pupils|students|boys|girls|families|parents|victims|adults|people|offences"
    "|crimes|offenders|perpetrators|abusers|cases|reports|referrals"
)
FIGURE = re.compile(
    rf"(?<![\d.,])\d{{1,3}}(?:\.\d{{1,2}})? ?(?:%|per ?cent\b)"
    rf"|\b(?:\d{{1,3}}|{_SMALL}) (?:in|out of) (?:every )?(?:\d{{1,3}}|{_SMALL}|twelve|twenty|fifty|a hundred)"
    rf" (?:{_PEOPLE})\b"
    rf"|\b(?:\d{{1,3}}|{_SMALL}) (?:in|out of) (?:every )?(?:\d{{1,3}}|{_SMALL})\b"
    r"(?= (?:of|has|have|is|are|was|were|will|tells?|told)\b)"
    rf"|(?<![\d,.])(?:\d{{1,3}}(?:,\d{{3}}){{1,3}}|\d{{2,6}}) (?:{_PEOPLE})\b"
    rf"|\b(?:hundreds|thousands|tens of thousands|millions) of (?:{_PEOPLE})\b"
    rf"|\b(?:half|a (?:third|quarter|fifth)|two[- ]thirds|three[- ]quarters) of (?:all |the |those )?(?:{_PEOPLE})\b"
    r"|\b(?:doubled|trebled|tripled)\b",
    re.IGNORECASE,
)
"""A figure about people: never an age, a school year, a time, a date, a price or a telephone number."""
FINDING = re.compile(
    r"\b(?:research|studies|a (?:recent )?study|surveys?|statistics|figures|evidence|data|reports) (?:also |now )?"
    r"(?:shows?|suggests?|finds?|found|says|tells? us|indicates?|reveals?|confirms?"
    r"|(?:has|have) (?:also )?(?:shown|found|suggested|revealed|indicated|confirmed|proved|proven))\b"
    r"|\baccording to (?:recent |new |national |official )?(?:research|statistics|figures|studies|experts)\b"
    r"|\bit is estimated\b|\bexperts (?:say|agree|believe)\b",
    re.IGNORECASE,
)
"""What somebody is said to have found out."""
CLAIM = re.compile(
    rf"\b[Mm]ost (?:of (?:the |these )?)?(?:{_PEOPLE})\b"
    r"|\b[Bb]y law\b|\b[Tt]he law says\b|\b(?:[Ii]t is|is) (?:a crime|illegal|a criminal offence|against the law)\b"
    r"|\b[A-Z][a-z]{2,20} Act (?:19|20)\d\d\b"
)
"""What our own letter must be able to prove: "most children", "it is a crime"."""
_NEEDS: Mapping[re.Pattern[str], Sequence[str]] = {
    FIGURE: (
        *_PEOPLE.split("|"),
        "%",
        "per cent",
        "percent",
        "doubled",
        "trebled",
        "tripled",
        " in ",
        " out of ",
    ),
    FINDING: (
        "research",
        "stud",
        "survey",
        "statistics",
        "figures",
        "evidence",
        "data",
        "reports",
        "estimated",
        "expert",
    ),
}
"""A pattern finds nothing without one of these words. Looking for them takes a hundredth of the time."""
_AGE_BEFORE = re.compile(
    r"\b(?:under|over|aged?|years?|than|to|and|class(?:es)? of|groups? of)[ -]$", re.IGNORECASE
)
_LOOK_BACK = 14
_YEAR = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:last|this|the past|the last) (?:school |financial )?(?:year|12 months|twelve months)\b",
    re.IGNORECASE,
)


def statements(piece: Piece, *patterns: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """The first words in each sentence that match a pattern, as offsets of the folded text."""
    text = piece.folded.text
    lowered = text.lower()
    worth = [pattern for pattern in patterns if any(word in lowered for word in _NEEDS.get(pattern, ("",)))]
    found = sorted(
        match.span() for pattern in worth for match in pattern.finditer(text) if not _is_age(text, match)
    )
    ends = [end for _, end in piece.sentences]
    last = -1
    for start, end in found:
        sentence = bisect_right(ends, start)
        if sentence != last:
            last = sentence
            yield start, end


class Nearby:
    """Answers whether something is in the sentence at an offset, or in one next to it."""

    def __init__(self, piece: Piece, stands: Sequence[int]) -> None:
        """`stands` are offsets of the folded text, sorted."""
        self._ends = [end for _, end in piece.sentences] or [len(piece.folded.text)]
        self._stands = stands

    def has(self, at: int) -> bool:
        """Whether one of them is near `at`."""
        sentence = bisect_right(self._ends, at)
        begin = self._ends[sentence - 2] if sentence >= 2 else 0
        stop = self._ends[min(sentence + 1, len(self._ends) - 1)]
        index = bisect_left(self._stands, begin)
        return index < len(self._stands) and self._stands[index] <= stop


def years(piece: Piece) -> Sequence[int]:
    """Where the piece names a year."""
    return [match.start() for match in _YEAR.finditer(piece.folded.text)]


def _is_age(text: str, match: re.Match[str]) -> bool:
    start = match.start()
    return _AGE_BEFORE.search(text[max(0, start - _LOOK_BACK) : start]) is not None
