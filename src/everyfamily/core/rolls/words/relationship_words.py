"""A relationship in ordinary English: "Mum (main carer)", "step dad", "Mum's partner", "Special Guardian (aunt)".

It is read by its parts, because no list of whole cells is ever complete: what the adult is, whose relative that is
("Dad's mum" is a grandmother), and what else is next to it. If words are left over, the relationship is kept, but then
no restriction of "none" is believed (rows.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

OTHER, CARER, GRANDPARENT = "other", "carer", "grandparent"
_PARENTS = ("mother", "father")
_OFFICIALS = ("social worker", "registered manager")
_PERSONS = (*_PARENTS, "step-parent", GRANDPARENT)
"""Nobody is two of these."""
_LONGEST_PHRASE = 5
_LONGEST_TEXT = 120
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W\d_]+)?'?|\s[-\u2013\u2014]+\s|[()\[\]/,;:|+\n\u2013\u2014.!?*]")
"""Also punctuation: "Mum?" and "Mum *" say something that is not understood."""
_STEP = re.compile(r"\bstep\s*/\s*")
_OWNERS = frozenset(("child", "children", "pupil", "student", "kid"))
"""Everybody in the file is their relative."""
_OF, _WITH = frozenset(("of", "to")), frozenset(("with", "by", "from"))
_ARTICLES = frozenset(("the", "his", "her", "their", "a"))


@dataclass(frozen=True, slots=True)
class Related:
    """What a cell says that an adult is to the child. `understood` is true if no word was left over."""

    kept: str
    understood: bool


@dataclass(slots=True)
class _Part:
    """What is between two punctuation marks."""

    inside: bool
    heads: list[str] = field(default_factory=list)
    understood: bool = True


class RelationshipWords:
    """Reads cells by phrases and what is kept for each, and by phrases that may be next to one.

    All are spelled without blanks and case. `no_parent` is what is kept for somebody who is not a parent or carer.
    `vacuous` are phrases that say nothing about who the adult is ("other").
    """

    def __init__(
        self,
        known: Mapping[str, str],
        no_parent: str,
        *,
        vacuous: Collection[str],
        harmless: Collection[str],
        not_so: Collection[str],
    ) -> None:
        self._known = known
        self._no_parent = no_parent
        self._vacuous = vacuous
        self._harmless = harmless
        self._not_so = not_so

    def read(self, text: str, own: Collection[str] = ()) -> Related | None:
        """What the text says, or None if it contains no relationship. `own` are words of the adult's own name."""
        if len(text) > _LONGEST_TEXT:
            return None
        parts = [self._part(inside, words, own) for inside, words in _parts(text)]
        outside = [head for part in parts if not part.inside for head in part.heads]
        inside = [head for part in parts if part.inside for head in part.heads]
        if not outside and not inside:
            return None
        kept, agrees = self._chosen(outside, inside)
        return Related(kept, agrees and all(part.understood for part in parts))

    def _part(self, inside: bool, words: Sequence[str], own: Collection[str]) -> _Part:
        part = _Part(inside)
        owner, denied, at = "", False, 0
        while at < len(words):
            word = words[at]
            ends, whose = self._pointed_at(words, at)
            if ends:
                owner, at = owner or whose, ends
                continue
            phrase, taken = self._longest(words, at, self._known)
            beside = self._longest(words, at, self._harmless)[1]
            if taken and taken >= beside:
                at += taken
                if _owns(words[at - 1], self._longest(words, at, self._known)[1] > 0):
                    owner = owner or self._known[phrase]
                else:
                    part.heads.append("" if phrase in self._vacuous else self._known[phrase])
                continue
            not_so = self._longest(words, at, self._not_so)[1]
            denied = denied or not_so > 0
            if not (beside or word in own or (word.isdigit() and len(word) <= 2)):
                part.understood = False
            at += beside or not_so or 1
        if denied or owner:
            part.heads = [self._other_than(head, "" if denied else owner) for head in part.heads]
        return part

    def _other_than(self, head: str, owner: str) -> str:
        """What somebody is who is named by a relative of the child ("Dad's mum", "Mum's partner"), or by what they no
        longer are."""
        if head in (self._no_parent, *_OFFICIALS):
            return head
        return GRANDPARENT if head in _PARENTS and owner in _PARENTS else OTHER

    def _pointed_at(self, words: Sequence[str], at: int) -> tuple[int, str]:
        """Where the words end that only say whose relative it is ("of mum", "on dad's side"), and who that is. 0 if
        there are none."""
        word = words[at]
        if word.replace("'", "").removesuffix("s") in _OWNERS and len(words) > at + 1 and word not in _OWNERS:
            return at + 1, ""
        if words[at + 1 : at + 2] == ["side"]:
            return at + 2, ""
        if word not in _OF and word not in _WITH:
            return 0, ""
        is_of = word in _OF
        at += 1
        while at < len(words) and words[at] in _ARTICLES:
            at += 1
        if at < len(words) and words[at].replace("'", "").removesuffix("s") in _OWNERS:
            return at + 1, ""
        phrase, taken = self._longest(words, at, self._known)
        return (at + taken, self._known[phrase] if is_of else "") if taken else (0, "")

    @staticmethod
    def _longest(words: Sequence[str], at: int, phrases: Collection[str]) -> tuple[str, int]:
        """The longest phrase that begins at a word, and how many words it has. 0 if there is none."""
        for count in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
            joined = "".join(words[at : at + count])
            for spelling in _spellings(joined):
                if spelling in phrases:
                    return spelling, count
        return "", 0

    def _chosen(self, outside: list[str], inside: list[str]) -> tuple[str, bool]:
        """What is kept of everything in the text, and whether it agrees. A blank is a phrase that says nothing."""
        persons = [head for head in outside if head not in ("", self._no_parent)]
        if not persons:
            related = [head for head in inside if head not in ("", OTHER, self._no_parent)]
            if related and self._no_parent in outside:
                return OTHER, False
            if related:
                return related[0], True
            if self._no_parent in outside or self._no_parent in inside:
                return self._no_parent, True
            return OTHER, True
        told = dict.fromkeys(head for head in persons if head not in (OTHER, CARER))
        if not told:
            more = [head for head in inside if head not in ("", OTHER, CARER, self._no_parent)]
            return (more or persons)[0], True
        if len([head for head in told if head in _PERSONS]) > 1:
            return OTHER, True
        kept = next(iter(told))
        return kept, kept not in _PERSONS or all(head == kept or head not in _PERSONS for head in inside)


def _parts(text: str) -> Iterator[tuple[bool, list[str]]]:
    """The words between punctuation marks, and whether they are in brackets."""
    plain = text.casefold().replace("\u2019", "'").replace("`", "'").replace("&", " and ")
    depth, words = 0, list[str]()
    for piece in _TOKEN.findall(_STEP.sub("step ", plain)):
        if piece[0].isalnum() or piece in "?*":
            words.append(piece)
            continue
        if words:
            yield depth > 0, words
            words = []
        depth = max(depth + (piece in "([") - (piece in ")]"), 0)
    if words:
        yield depth > 0, words


def _spellings(joined: str) -> Iterator[str]:
    plain = joined.replace("'", "")
    yield plain
    if plain.endswith("s"):
        yield plain[:-1]


def _owns(word: str, before_another: bool) -> bool:
    """Whether a relative's word only says whose: "Mum's partner", "mums partner"; "Mums" does not."""
    return word.endswith(("'s", "s'")) or (word.endswith("s") and before_another)
