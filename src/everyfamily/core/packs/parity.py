"""What a translation must show as the English does: the same passages, gaps, digits and addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from everyfamily.core.packs.pack_sections import PackIncomplete
from everyfamily.core.packs.site_text import NOT_YET, SiteText
from everyfamily.core.text.passages import Passage, Section
from everyfamily.core.text.placeholders import fill, gaps_in
from everyfamily.core.text.unseen_marks import UNSEEN

_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+|\b[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b(?:/\S*)?")


def check_unseen(passage: Passage) -> None:
    """Raise PackIncomplete for a passage with an invisible mark that turns or splits what is read."""
    if found := UNSEEN.search(passage.words):
        raise PackIncomplete(
            f"The passage has an invisible mark in it (U+{ord(found[0]):04X}).",
            "Take it out: the direction of numbers and names is set without it.",
            passage.place,
        )


def check_shape(text: SiteText, english: SiteText) -> None:
    """Raise PackIncomplete unless each section of `text` has the passages, asides, gaps, digits and addresses of the
    English one. A translation may lack sections."""
    for section in text.sections:
        own = english.section(section.id)
        at = section.heading.place if section.heading else text.title.place
        if own is None:
            raise PackIncomplete(
                f'The English text has no section "{section.id}".', "Correct its id, or take it out.", at
            )
        if not _same_shape(section, own):
            raise PackIncomplete(
                f'The section "{section.id}" has other passages than the English one '
                f"({len(section.passages)} and {len(own.passages)}).",
                f'Give the same paragraphs and items, in the same order; write "{NOT_YET}" for one not translated yet.',
                at,
            )
        for theirs, passage in zip(_lines_of(own), _lines_of(section), strict=True):
            check_parity(passage, theirs)


def _lines_of(section: Section) -> tuple[Passage, ...]:
    """The heading, if there is one, and the passages."""
    return (section.heading, *section.passages) if section.heading is not None else section.passages


def check_parity(translated: Passage, english: Passage) -> None:
    """Refuse a translated passage that shows a different gap, digit or address from the English one.

    A number written by hand, or 44 for 55, might be noticed by a second reader or by nobody. What is not translated yet
    appears in English, so a passage is compared as the page will show it.
    """
    passage = translated
    if NOT_YET in (translated.text, translated.aside) or (translated.aside is None and english.aside is not None):
        passage = replace(
            translated,
            text=english.text if translated.text == NOT_YET else translated.text,
            aside=english.aside if translated.aside in (None, NOT_YET) else translated.aside,
        )
    for (what, fix), own, theirs in zip(
        _SAME, _facts_of(passage.words), _facts_of_english(english.words), strict=True
    ):
        if own != theirs:
            raise PackIncomplete(
                f"The passage has other {what} than the English one ({_listed(own)} and {_listed(theirs)}).",
                fix,
                passage.place,
            )


_SAME = (
    ("gaps", "Put each gap where the English has it."),
    ("digits", "Write the same digits; telephone numbers come by gaps."),
    ("addresses", "Name no page or mailbox that the English does not name."),
)
"""What a translated passage must show as the English one does, in the order of `_facts_of`."""


def _facts_of(words: str) -> tuple[list[str], list[str], list[str]]:
    gaps = gaps_in(words)
    digits, addresses = digits_and_addresses(fill(words, dict.fromkeys(gaps, "")))
    return sorted(f"(({gap}))" for gap in gaps), digits, addresses


# Each passage of the English is compared with every language's.
_facts_of_english = lru_cache(maxsize=1024)(_facts_of)


def digits_and_addresses(words: str) -> tuple[list[str], list[str]]:
    """What a translation must have as the English has it: runs of digits, in Western form, and web and email
    addresses."""
    addresses = sorted(_ADDRESS.findall(words))
    # Most words have none, and to look for them is quicker than to put each letter in its Western form.
    if not any(map(str.isdigit, words)):
        return [], addresses
    western = "".join(str(unicodedata.digit(one)) if one.isdigit() else one for one in words)
    return sorted(re.findall(r"[0-9]+", western)), addresses


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names) or "none"


def _same_shape(section: Section, english: Section) -> bool:
    if (section.heading is None) != (english.heading is None):
        return False
    pairs = zip(_lines_of(section), _lines_of(english), strict=False)
    return len(section.passages) == len(english.passages) and all(
        # An aside that is not translated yet appears in English. One that the English does not have would be lost.
        own.kind == theirs.kind and (own.aside is None or theirs.aside is not None)
        for own, theirs in pairs
    )
