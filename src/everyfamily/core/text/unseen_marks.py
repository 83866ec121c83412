"""Marks in words that nobody sees: they turn, split or hide what is read, and no keyboard makes them by itself. Pure.

One rule for the product (ADR 64). What somebody types on a page loses them at the door (staff/access.py). Words of a
pack that have one are refused with their place (core/packs/parity.py): a pack is a file that its author can mend.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u180e\u200b\u2060-\u2064\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
"""Control characters, spaces without width, marks that turn the direction of what follows, and tags. Joiners and the
two direction marks are part of writing."""


def without_unseen(words: str) -> str:
    """The words as a person reads them: without marks that nobody sees."""
    return UNSEEN.sub("", words)


def says_something(words: str) -> bool:
    """Whether anything is left that a person can see: more than spaces, joiners and direction marks."""
    return any(unicodedata.category(one)[0] not in "ZC" for one in words)
