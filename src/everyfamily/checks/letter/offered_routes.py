"""Which numbers and addresses of a letter are offered as a way to get help.

The sender's own letterhead, the line for large print and the way to check the letter do not count, because nobody with
a child in danger is sent there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.telephone import Telephone, is_dialable, numbers_in

_GREETING = re.compile(r"^\W{0,3}(?:dear|to all|to every|hello|hi)\b", re.IGNORECASE)
_GREETED_WITHIN = 25
"""Pieces from the top among which a greeting ends the letterhead."""
_NOT_HELP = re.compile(
    r"\b(?:enquir(?:y|ies)|queries|direct line|ddi|fax|switchboard|large print|easy read|braille|audio|(?:an)?other"
    r" (?:language|format)s?|different (?:language|format)|translat\w{1,8}|interpret\w{1,8}|copy of this letter"
    r"|read aloud|unsubscribe|genuine|is real|check (?:that )?this letter|this letter (?:can|is)|complain\w{0,6}"
    r"|press 55|relay|textphone|minicom)\b",
    re.IGNORECASE,
)
_SURVIVORS = re.compile(
    r"\bsurvivors?\b|\bhappened to you\b|\bNAPAC\b|\babused as (?:a child|children)\b", re.IGNORECASE
)
_MOST_NUMBERS = 300
"""How many numbers of one text are looked at. A letter has ten, and a text with more is not a letter."""
_EMERGENCY = frozenset({"999", "101", "112"})
_NEED_NO_CUE = _EMERGENCY | {"111"}


def letter_proper(context: CheckContext) -> tuple[Piece, ...]:
    """The body from its greeting onwards, or all of it if there is no greeting near the top."""
    body = tuple(context.part("body"))
    for index, piece in enumerate(body[:_GREETED_WITHIN]):
        if _GREETING.search(piece.folded.text):
            return body[index:]
    return body


def offered_numbers(context: CheckContext) -> Iterator[Telephone]:
    """Each number offered for help, in reading order, including repeats. For a directory of numbers, only the first
    ones."""
    numbers = (number for piece in letter_proper(context) for number in numbers_in(piece))
    return (number for number in islice(numbers, _MOST_NUMBERS) if is_for_help(number))


def is_for_help(number: Telephone) -> bool:
    """Whether the number's sentence offers it to somebody who needs help or is worried."""
    if not is_dialable(number.digits) and not number.is_told_to_dial:
        return False
    if len(number.digits) == len("105") and number.digits not in _NEED_NO_CUE and not number.is_told_to_dial:
        return False
    around = number.piece.folded.text[max(0, number.at - 60) : number.at]
    return not _NOT_HELP.search(number.sentence) and not _NOT_HELP.search(around)


def is_for_survivors(number: Telephone) -> bool:
    """Whether the number is for adults who were harmed as children. Such a line is kept separate."""
    return bool(_SURVIVORS.search(number.sentence) or _SURVIVORS.search(number.piece.lead_in))


def is_police(number: Telephone) -> bool:
    """Whether it is 999, 101 or 112, which count as one."""
    return number.digits in _EMERGENCY
