"""Words next to an adult that may keep the adult away, in any cell: "NOT TO BE CONTACTED - see DSL".

The words are in closing_words.toml. None of them gets through because of case, accents, spaces or punctuation. Nothing
is sent to an adult with such words until a person has decided. A false alarm costs that one decision.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from itertools import groupby

from everyfamily.core.files.data_tables import load_table

_CLAUSE_ENDS = re.compile(r"[.;,:!?()\[\]{}\n\r/|\u2013\u2014]|\s-+\s")
_LOOK_ALIKES = str.maketrans("аеорсухіјӏѕкмтвнαοερι", "aeopcyxijlskmtbhaoepi")
"""Cyrillic and Greek letters that look like ours."""
_NOUGHT = re.compile(r"(?<=[A-Za-z])0|0(?=[A-Za-z])")
"""A zero for the letter: "N0T T0 BE C0NTACTED"."""
_COURT = re.compile(r"(?<![a-z])courts?(?![a-z])")
_NO_COURT = re.compile(
    r"(?<![a-z])(?:no|without) (?:known |current |pending |ongoing |further |family )?courts?(?: [a-z]+)?"
    r"|(?<![a-z])(?:never|not) (?:been |gone |going |had |attended |in |to |involved ){1,3}(?:a |the )?courts?"
    r"|\d+[a-z]? (?:[a-z]+ ){0,3}courts?(?![a-z])"
    r"|(?<![a-z])court (?:farm|house|lodge|road|street|lane|view|drive|close|avenue|gardens?|cottages?|yard|hill|place"
    r"|mews)(?![a-z])"
)
"""Sentences that deny a court, and homes and streets with such a name."""
_NO_TIME = (
    r"(?! (?:on|before|after|until|till|from|at|early|every|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|\d)"
    r"(?![a-z]))"
)
"""Not about a time: "cannot collect before three"."""
BY_WHICH_WAY = re.compile(
    r"(?:(?:please|pls|prefers?|always) )*(?:texts?|emails?|messages?) (?:and |but )?not (?:calls?|ring|phone)"
)
"""A whole sentence, as `spelled` gives it, that says how to reach somebody: "text, not call" written without comma."""
CELL_ENDS = "\x1e"
"""Between cells that `may_close` looks at together."""
_LOWER = bytes(range(256)).lower().replace(b"0", b"o")
_NOT_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum() and chr(code) != CELL_ENDS)


def may_close(text: str) -> bool:
    """Quick, and never wrongly no: whether it is worth asking `closes` about a text, or about cells joined by
    CELL_ENDS."""
    return _a_stem().search(_squeezed(text)) is not None


def those_that_may_close(texts: Collection[str]) -> set[str]:
    """The texts for which `may_close` says yes. Looking at the cells of many rows at once takes a fifth of the time."""
    joined = CELL_ENDS.join(texts)
    if joined.count(CELL_ENDS) >= len(texts):
        return set(filter(may_close, texts))
    squeezed = _squeezed(joined)
    hit = set()
    for stem in _a_stem().finditer(squeezed):
        begin, end = squeezed.rfind(CELL_ENDS, 0, stem.start()) + 1, squeezed.find(CELL_ENDS, stem.end())
        hit.add(squeezed[begin : end if end >= 0 else None])
    return (
        {text for text, one in zip(texts, squeezed.split(CELL_ENDS), strict=True) if one in hit} if hit else set()
    )


def _squeezed(joined: str) -> str:
    """Cells joined by CELL_ENDS without what is between letters."""
    if not joined.isascii():
        cells = joined.split(CELL_ENDS)
        joined = CELL_ENDS.join(one if one.isascii() else spelled(one) for one in cells)
    return joined.encode().translate(_LOWER, _NOT_LETTERS).decode()


@cache
def _a_stem() -> re.Pattern[str]:
    """Any of the stems. Those that begin alike are tried together, because this is asked for every cell in an area."""
    return re.compile(_beginning_alike(frozenset(load_table(__file__, "closing_stems.toml")["stems"])))


def _beginning_alike(words: Collection[str]) -> str:
    if "" in words:
        return ""
    by_letter = groupby(sorted(words), key=lambda word: word[0])
    tails = [letter + _beginning_alike({word[1:] for word in some}) for letter, some in by_letter]
    return tails[0] if len(tails) == 1 else f"(?:{'|'.join(tails)})"


def closes(text: str, *, short_forms: bool = True) -> bool:
    """Whether the text of a cell may keep an adult away.

    Without `short_forms`, "DNC", "Inactive" and similar are not read: in a class's column they are somebody's initials,
    and in an account's column they are about the account.
    """
    if not may_close(text):
        return False
    patterns = _patterns()
    clauses = [clause for part in _CLAUSE_ENDS.split(text) if (clause := spelled(part))]
    rest = [clause for clause in clauses if not BY_WHICH_WAY.fullmatch(clause)]
    if len(rest) < len(clauses) and not may_close(" ".join(rest)):
        return False
    # Sentences matter for what is ordinary by itself: "No court order. Works nights."
    plain = " ".join(
        "|" if patterns.none.fullmatch(one) else patterns.ordinary.sub(" | ", one) for one in clauses
    )
    return bool(
        patterns.closing.search(plain)
        or any(map(patterns.at_the_end.search, clauses))
        or any(map(patterns.only.search, clauses))
        or patterns.whole_cell.fullmatch(" ".join(clauses))
        or any(map(patterns.speaks_of_a_court, clauses))
        or (short_forms and (patterns.short.search(plain) or any(map(patterns.sentence.fullmatch, clauses))))
    )


def rest_of_own_words(text: str) -> set[str]:
    """The words of a text that are left once everything is taken away that a note says of the adult it is beside:
    "NOT TO BE CONTACTED - see DSL, 12/3/26" leaves none, "non-mol in place" all of its own."""
    patterns = _patterns()
    left = patterns.of_own.sub(" ", spelled(text)).split()
    return {word for word in left if not word.isdigit()} - patterns.small


def spelled(text: str) -> str:
    """Lower-case letters and digits without accents, with one space for anything in between."""
    letters = text if text.isascii() else _plain_letters(text)
    if "0" in letters:
        letters = _NOUGHT.sub("o", letters)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", re.sub(r"['`]", "", letters.casefold())).split())


def _plain_letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_LOOK_ALIKES)
    return "".join(
        "'" if letter in "\u2018\u2019\u02bc\u00b4" else letter
        for letter in decomposed
        if unicodedata.category(letter) not in ("Mn", "Cf")
    )


class _Patterns:
    """The words in the form in which they are looked for."""

    def __init__(self, words: dict[str, list[str]]) -> None:
        between = rf"(?: ?{_any(words['between'])}){{0,2}} ?"
        never = _any(words["never"][:-1])
        ask = rf"{_any(words['ask'])} ?(?:t ?o|w ?i ?t ?h)? ?(?:t ?h ?e)? ?{_any(words['of_whom'])}(?![a-z])"
        person = _plain(words["person"])
        closing = (
            rf"{never}{between}{_any(words['act'])}(?! ?(?:able|less)(?![a-z]))",
            rf"n ?o ?t ?{_any(words['act_after_not'])}(?! ?(?:able|less)(?![a-z]))",
            rf"{_any(words['anywhere'])}(?! ?(?:able|less)(?![a-z]))",
            ask,
            rf"{_any(['cannot', 'can not', 'can t'])} ?{_any(['collect', 'pick up'])}{_NO_TIME}",
            rf"{_plain(words['taken_off'])}(?: [a-z]+){{0,2}} (?:from|off) (?:[a-z]+ ){{0,2}}"
            rf"{_plain(words['off_what'])}(?![a-z])",
            rf"all (?:[a-z]+ ){{0,2}}{_plain(words['all_of'])} (?:[a-z]+ ){{0,4}}(?:to|with|via|through) "
            rf"(?:the |his |her )?{person}(?![a-z])",
        )
        self.only = re.compile(
            rf"(?<![a-z])(?:{person} only"
            rf"|(?:only|just) (?:(?:to|with|contact|ring|call|email|text|write|send) )*{person})$"
        )
        self.at_the_end = re.compile(rf"(?<![a-z]){never} ?{_any(words['act_at_the_end'])}$")
        self.sentence = re.compile(
            rf"{_plain(words['sentence'])}(?: \d.*| (?:by|on|since|as of|from)(?: [a-z]+)? \d.*| by [a-z]+)?"
        )
        before, behind = _plain(words["court_before"]), _plain(words["court_behind"])
        self._court = re.compile(
            rf"(?<![a-z]){before} (?:the )?courts?(?: (?:\d|on|in|this|last|next)|$)"
            rf"|(?<![a-z])courts? {behind}(?![a-z])"
        )
        self._beside_court = re.compile(rf"(?<![a-z]){_plain(words['court_beside'])}(?![a-z])")
        self.of_own = re.compile(
            rf"(?<![a-z])(?:{never}{between}{_any([*words['act'], *words['act_at_the_end']])}"
            rf"|n ?o ?t ?{_any(words['act_after_not'])}|court order(?: \d+)* no contact|{_any(words['of_own'])}|{ask}"
            r"|(?:see|ask|speak to|refer to) (?:mr|mrs|ms|miss|dr) [a-z]+)(?:ed|ing|s)?(?![a-z])"
        )
        self.small = frozenset(words["small"])
        self.whole_cell = re.compile(_plain(words["whole_cell"]))
        # A word begins where there is no letter before it: "Marino contact" is not "no contact".
        self.closing = re.compile(rf"(?<![a-z])(?:{'|'.join(closing)})")
        short = "|".join(words["short"])
        spaced = _any(words["short"])
        self.short = re.compile(rf"(?<![a-z0-9])(?:{short})(?![a-z0-9])|^{spaced}$")
        tail = rf"(?: {_any(words['tails'])})*"
        self.ordinary = re.compile(
            rf"(?<![a-z])(?:{_plain(words['ordinary'])}(?![a-z])|{_plain(words['ordinary_at_the_end'])}{tail}$)"
        )
        known = r"(?:known |current |active |existing |legal )?"
        self.none = re.compile(
            rf"(?:there (?:is|are) )?(?:no|not any|without) {known}{_plain(words['none'])}"
            rf"(?: (?:in place|in force|exists?|apply|applies|{'|'.join(words['tails'])}))*"
            r"|not restricted|unrestricted"
        )

    def speaks_of_a_court(self, clause: str) -> bool:
        """Whether a sentence speaks of a court of law and does not deny it."""
        if "court" not in clause:
            return False
        rest = _NO_COURT.sub(" ", self.ordinary.sub(" | ", clause))
        if self._court.search(rest):
            return True
        return _COURT.search(rest) is not None and self._beside_court.search(rest) is not None


def _any(words: Sequence[str]) -> str:
    """One of the words, with its letters together or apart: "do not" is also "donot" and "d o n o t"."""
    longest_first = sorted(map(spelled, words), key=len, reverse=True)
    return f"(?:{'|'.join(' ?'.join(word.replace(' ', '')) for word in longest_first)})"


def _plain(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(sorted(map(spelled, words), key=len, reverse=True))})"


@cache
def _patterns() -> _Patterns:
    return _Patterns(closing_words())


@cache
def closing_words() -> dict[str, list[str]]:
    """The lists of closing_words.toml."""
    return dict(load_table(__file__))
