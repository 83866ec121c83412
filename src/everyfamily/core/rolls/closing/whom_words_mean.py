"""Which of several adults words keep away: "Dad must not collect", "no contact with mum".

A note about the child closes all of the child's adults. If it clearly keeps away one of them and speaks of nobody else,
it is about that adult. Anything less clear is about everybody, because an order may be one adult's against another.
So is a note in an adult's own row: beside the mother, "non-mol against ex partner" keeps away the father.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from everyfamily.core.rolls.words.closing_words import rest_of_own_words
from everyfamily.core.rolls.words.words import relationships

_SOMEBODY = (
    r"step-? ?(?:mum|dad|mother|father|parents?)|grand(?:mother|father|parents?|ma|pa|dad|mum)|gran(?:ny|dad)?"
    r"|nan(?:a|ny)?|foster (?:mum|dad|mother|father|carers?|parents?)|birth (?:mum|dad|mother|father)"
    r"|mum(?:my)?|mam|mother|dad(?:dy)?|father"
)
_ANYBODY_ELSE = re.compile(
    r"\b(?:parents?|carers?|guardians?|both|family|families|relatives?|side|aunt\w*|uncle|brother|sister|siblings?|cousin"
    r"|partner|boyfriend|girlfriend|husband|wife|spouse|ex|fianc\w*|neighbour|friend|they|them|their|everyone|anyone"
    r"|anybody|nobody|solicitor|social worker)\b"
)
_NOT_SO_PLAIN = re.compile(
    r"\b(?:only|via|through|except|unless|instead|other than|apart from|but|custody|residence|resides?|lives? with"
    r"|living with|granted|awarded|favour|protect\w*|victim|applicant|took out|taken out|obtained|sought|applied"
    r"|(?:has|have|had|got) (?:an?|the|full|sole|got)|child arrangements?|care order|guardianship|sgo|supervised"
    r"|speak to|first)\b"
)
_ORDER = r"(?:non[- ]?mol\w*|injunction|restraining order|prohibited steps|barring order|exclusion order)"
_NOT_TO = (
    r"(?:(?:is|are) )?(?:must not|mustn['’]?t|must never|not to|not allowed|not permitted|cannot|can['’]?t|may not"
    rf"|should not|shouldn['’]?t|barred|banned|no contact|no access|ntbc|dnc|do not|don['’]?t|{_ORDER})\b"
)
_BEHIND = re.compile(rf"@(?: *\([^)]*\))? *[-–—:,]? *{_NOT_TO}")
_BEFORE = re.compile(
    r"(?:(?:do not|don['’]?t|not to|never|must not|nothing|no)\b[^.;!?@]{0,60}?\b"
    r"(?:to|with|by|contact|inform|tell|email|text|ring|call|phone|send|for|from|let)"
    rf"|(?:no contact|{_ORDER})(?: order)?(?: in place)? (?:with|against|on|re|regarding|for|to))"
    r"(?: (?:his|her|the|their|child['’]?s))? @(?![\w'’])"
)
_RELATIONSHIPS = relationships()
_SHORTEST_NAME = 3
_FEW_WORDS = 3
_HE, _SHE = frozenset(("he", "him", "his")), frozenset(("she", "her", "hers"))
_GENDER = {"mother": _SHE, "father": _HE}
_NO_PERSON = frozenset(("", "other", "carer"))


class Whom(Enum):
    """Whom words in an adult's row keep away, of the adults of that child."""

    OWN = "this adult"
    OTHERS = "the others"
    ALL = "any of them"


def meant_in_row(text: str, relationship: str, name: str, *, is_own_cell: bool = False) -> Whom:
    """Whom the words in the row of an adult, with this relationship and name, keep away.

    Only words that speak of nobody else, and of no order, mean the row's own adult. `is_own_cell`: they answer a
    question about this adult, so "he" may be an adult whose relationship the file does not give.
    """
    spoken = " ".join(text.casefold().split())
    others = {_RELATIONSHIPS[found[0]] or "" for found in re.finditer(rf"\b(?:{_SOMEBODY})\b", spoken)}
    others.discard(relationship)
    if len(others) == 1:
        meant = the_one_meant(text, [(relationship, name), (others.pop(), "")])
        return Whom.ALL if meant is None or relationship in _NO_PERSON else (Whom.OWN, Whom.OTHERS)[meant]
    rest = rest_of_own_words(text)
    # "Karl" beside Karl Thorne is his own name; a letter by itself may be anybody's initial.
    own = {word for word in name.casefold().split() if len(word) >= _SHORTEST_NAME}
    own |= {found[0] for found in re.finditer(rf"\b(?:{_SOMEBODY})\b", spoken)} - others
    own |= _GENDER.get(relationship, _HE | _SHE if is_own_cell else frozenset())
    return Whom.ALL if others or rest - own else Whom.OWN


def cell_means_others_too(text: str, relationship: str, name: str) -> bool:
    """Whether a cell of a column about restrictions may mean another adult than the row's own: "Mum no contact" beside
    the father. A few words that speak of nobody are about the row's own: "PSO", "CAO - ask"."""
    speaks = re.search(rf"\b(?:{_SOMEBODY}|ex)\b", text.casefold()) or _ANYBODY_ELSE.search(text.casefold())
    if not speaks and len(re.findall(r"\w+", text)) <= _FEW_WORDS:
        return False
    return meant_in_row(text, relationship, name, is_own_cell=True) is not Whom.OWN


def the_one_meant(text: str, adults: Sequence[tuple[str, str]]) -> int | None:
    """Which of the adults, from 0, a note clearly keeps away. None if it may be about another or about several.

    `adults`: relationship and name of each in the row.
    """
    low = " ".join(text.casefold().split())
    meant: set[int] = set()

    def found(match: re.Match[str]) -> str:
        who = [at for at, (relationship, _) in enumerate(adults) if relationship == _RELATIONSHIPS[match[0]]]
        meant.add(who[0] if len(who) == 1 else -1)
        return "@"

    marked = re.sub(rf"\b(?:{_SOMEBODY})\b", found, low)
    for at, (_, name) in enumerate(adults):
        others = {word for other, (_, its) in enumerate(adults) if other != at for word in its.casefold().split()}
        for word in set(name.casefold().split()) - others:
            if len(word) >= _SHORTEST_NAME and re.search(rf"\b{re.escape(word)}\b", marked):
                meant.add(at)
                marked = re.sub(rf"\b{re.escape(word)}\b", "@", marked)
    if len(meant) != 1 or -1 in meant:
        return None
    marked = re.sub(r"@(?: @)+", "@", re.sub(r"@ *\(@\)", "@", marked))
    if re.search(r"@['’]?s\b", marked) or _ANYBODY_ELSE.search(marked) or _NOT_SO_PLAIN.search(marked):
        return None
    return meant.pop() if _BEHIND.search(marked) or _BEFORE.search(marked) else None
