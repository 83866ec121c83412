"""What a cell next to an adult says about a death: of that adult, who is then not imported from the file, or of
another.

"Deceased 02/2026" is about the adult next to it. "Father died 2020" next to the mother is about somebody else, and
closes nothing for her. What is not clearly one of the two closes as any other word does (closing_words.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from everyfamily.core.rolls.values.several_values import own_words
from everyfamily.core.rolls.words import words
from everyfamily.core.rolls.words.closing_words import closes, spelled

_MAY_SAY_SO = re.compile(r"deceas|dec['\u2019]?d\b|died|passed (?:away|on)|\br\.?i\.?p\b", re.IGNORECASE)
_AT_REST = re.compile(r"\br\.? ?i\.? ?p\b\.?", re.IGNORECASE)
_AT_REST_IN_A_NAME = re.compile(r"\bR\.? ?I\.? ?P\b")
"""Rip is also a name."""
_CLAUSE_ENDS = re.compile(r"[.;,:!()\[\]\n/|*\u2013\u2014]|\s-+\s")
_TIME = (
    r"(?:suddenly|peacefully|in|on|since|early|late|last|this|year|month|week|spring|summer|autumn|winter|today"
    r"|yesterday|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|[0-9]{1,4}(?:st|nd|rd|th)?)"
)
_DEATH = re.compile(
    r"(?P<before>.*?) ?\b(?:(?:is|was|has|now|sadly|unfortunately|recently|since|he|she|they) )*"
    r"(?:deceased|decd|rip|died|passed away|passed on)\b"
    rf"(?: {_TIME})*(?: (?:of|from|after|following) [a-z]+(?: [a-z]+){{0,3}})?(?: {_TIME})*(?P<behind>.*)"
)
_WHEN = re.compile(rf"{_TIME}(?: {_TIME})*")
_ARTICLES = frozenset(("the", "his", "her", "their", "child", "childs", "s"))
_NAME = ("ADULT_NAME", "ADULT_TITLE", "ADULT_FORENAME", "ADULT_SURNAME")
_GRANDPARENTS = (
    frozenset(("grandmother", "grandma", "gran", "granny", "nan", "nana", "nanna")),
    frozenset(("grandfather", "grandad", "granddad", "grandpa", "gramps")),
)
_NOT_CERTAIN = ("", "other", "carer")
"""A relationship that may also be the mother's or the father's."""


def may_say_so(text: str) -> bool:
    """Whether it is worth asking the other functions."""
    return _MAY_SAY_SO.search(text) is not None


@dataclass(frozen=True, slots=True)
class Own:
    """Words for a row's adult, and what the row says they are to the child."""

    words: frozenset[str]
    relationship: str

    @classmethod
    def of(cls, cells: Mapping[str, str]) -> Own:
        """From a row's cells."""
        # What comes after a name may be words about the person.
        alone = (_CLAUSE_ENDS.split(cells.get(column, "").lstrip("([*"))[0] for column in _NAME)
        name = spelled(_MAY_SAY_SO.sub(" ", " ".join(alone)))
        raw = cells.get("RELATIONSHIP", "")
        said = words.relationship_in(raw, ()) if raw else None
        kept = said.kept if said else ""
        called = own_words(name, kept if kept in ("mother", "father") else "")
        if raw and words.relationships()[raw] and kept not in ("mother", "father"):
            called |= frozenset(spelled(raw).split())
        for alike in _GRANDPARENTS:
            called |= alike if called & alike else frozenset()
        return cls(called, kept)


def says_died(text: str, own: Own) -> bool:
    """Whether the cell says only that its adult has died."""
    said = False
    for clause in _clauses(text):
        if found := _DEATH.fullmatch(clause):
            if not _is_own(f"{found['before']} {found['behind']}", own):
                return False
            said = True
        elif not (
            _is_own(clause, own) or words.relationships()[clause] == own.relationship or _WHEN.fullmatch(clause)
        ):
            return False
    return said


def name_says_died(name: str) -> bool:
    """Whether a name's cell says so: "Mr Joe Sample (deceased)", "Joe Sample RIP"."""
    if not _MAY_SAY_SO.search(name):
        return False
    clauses = list(_clauses(name))
    dead = [clause for clause in clauses if re.search(r"\b(?:deceased|decd)\b", clause)]
    if not dead:
        return _AT_REST_IN_A_NAME.search(name) is not None and not name.isupper()
    return not any(closes(clause) for clause in clauses if clause not in dead)


def without_others(text: str, own: Own) -> tuple[str, set[str]]:
    """The cell without sentences that another relative has died, and which relatives: "Father died 2020".

    The cell is unchanged if the adult next to it may be that relative.
    """
    if own.relationship in _NOT_CERTAIN:
        return text, set()
    kept, dead = [], set[str]()
    for clause in _CLAUSE_ENDS.split(_AT_REST.sub(" rip ", text)):
        plain = spelled(clause)
        found = _DEATH.fullmatch(plain)
        whom = " ".join(word for word in (found["before"].split() if found else ()) if word not in _ARTICLES)
        relative = words.relationships()[whom] if found and not found["behind"] and whom else None
        if relative and not _is_own(whom, own):
            dead.add(relative)
        else:
            kept.append(clause)
    return (". ".join(kept), dead) if dead else (text, dead)


def _clauses(text: str) -> Iterator[str]:
    for clause in _CLAUSE_ENDS.split(_AT_REST.sub(" rip ", text)):
        if plain := spelled(clause):
            yield plain


def _is_own(clause: str, own: Own) -> bool:
    return all(word in own.words or word in _ARTICLES for word in clause.split())
