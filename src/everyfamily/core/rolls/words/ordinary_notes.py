"""Notes next to an adult that nobody needs to read: they say nothing that could keep anybody away.

Whatever is neither ordinary nor among the words that close (closing_words.py) is a note that nobody has read: the
school's lead reads it, once for the same words, before anybody of that child is written to on the lead's word.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from everyfamily.core.files.data_tables import load_table
from everyfamily.core.rolls.words.closing_words import BY_WHICH_WAY, spelled

_CLAUSE_ENDS = re.compile(r"(?<![0-9])[.:](?![0-9])|\.$|[;,!?()\[\]{}\n\r/|\u2013\u2014&+*>]|\s-+\s|-$|^-")
_NUMBER = re.compile(r"[0-9]+(?:st|nd|rd|th|am|pm|ish|hrs?|mins?|[a-z])?|[a-z][0-9]{1,2}|o[0-9]+")
_SIGNED = re.compile(
    r"(?:(?:by|per)\s+)?\b[A-Z]{2,3}\b\s*(?=[0-9]{1,2}[/.][0-9])|(?<=[0-9])\s*\b[A-Z]{2,3}$|\bby [A-Z]{2,3}\b"
)
"""Who of the office wrote it, next to a day: "JB 12/9"."""
_EMAIL = re.compile(r"\S+@\S+")
_AT_A_PLACE = re.compile(r"\b(at|in|near)(?: the)?(?: (?:[A-Z][\w'&.]*|of|and|St))+")
"""What follows may be any name with capitals: "works at Tesco Extra"."""
_SHORTEST_WORD = 4
_LONGEST = 300


def words_of_note(text: str) -> str:
    """The note in the form in which notes are alike: without case, accents, spaces and punctuation."""
    return spelled(text)


@lru_cache(maxsize=20_000)
def is_ordinary(text: str) -> bool:
    """Whether a note says only what cannot keep anybody away."""
    if len(text) > _LONGEST:
        return False
    plain = _EMAIL.sub(" ", _SIGNED.sub(" ", text.replace("\u2019", "'")))
    clauses = [clause for clause in _CLAUSE_ENDS.split(plain) if clause.strip()]
    return all(_is_ordinary_clause(spelled(one)) or _is_harmless_clause(one) for one in clauses)


def _is_ordinary_clause(clause: str) -> bool:
    """Every word is one that a note may have."""
    known = _known()
    if BY_WHICH_WAY.fullmatch(clause):
        return True
    clause = known.no.sub(" ", clause)
    clause = known.only.sub(" ", clause)
    clause = known.not_when.sub(" ", clause)
    said = clause.split()
    if known.does.match(clause):
        said = [word for word in said if word not in known.people]
    return all(word in known.words or _NUMBER.fullmatch(word) for word in said)


def _is_harmless_clause(clause: str) -> bool:
    """Some words are unknown, but none speaks of a person, of a refusal, of the law or of what is sent, and none is a
    name or a short form."""
    known = _known()
    plain = _AT_A_PLACE.sub(r"\1 ", clause)
    words = [word for word in re.split(r"[^\w']+", plain) if word]
    for at, word in enumerate(words):
        low = spelled(word)
        if _NUMBER.fullmatch(low) or (low in known.words and not known.never_with.match(low)):
            continue
        is_small = word.islower() or (at == 0 and low in known.words)
        if not is_small or len(low) < _SHORTEST_WORD or known.never_with.match(low):
            return False
    return True


class _Known:
    """The words of ordinary_notes.toml, ready to be looked for."""

    def __init__(self) -> None:
        lists = {name: frozenset(said.split()) for name, said in load_table(__file__).items()}
        self.words, self.people = lists["words"], lists["people"]
        # A short word is whole, because "he" also begins "headlice".
        whole, begin = (
            [one for one in lists["never_with"] if (len(one) < 5) is is_short] for is_short in (True, False)
        )
        self.never_with = re.compile(rf"(?:{'|'.join(whole)})(?:s|ed|ing|en|es|er)?$|(?:{'|'.join(begin)})")
        people, do = "|".join(self.people), "|".join(lists["do"])
        self.does = re.compile(
            rf"(?:(?:and|also|both|step|the|her|his) )*(?:{people})(?: (?:and|or) (?:{people}))* "
            rf"(?:also |usually |often |sometimes |now |normally |both |is |are )*(?:{do})\b"
        )
        self.no = re.compile(
            rf"\bno (?:home |work |mobile |answer )?(?:{'|'.join(lists['no'])})(?: (?:number|address|needs))?\b"
        )
        when = "|".join(lists["only_when"])
        self.only = re.compile(rf"\b(?:{when}) only\b|\bonly (?:{when})\b")
        self.not_when = re.compile(
            r"\b(?:not|cannot|cant) (?:before|after|until|between|available|answer|working|always|often|at work"
            r"|on (?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)\b"
        )


@cache
def _known() -> _Known:
    return _Known()
