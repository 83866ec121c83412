"""A named person's own number or mailbox, sent to every family."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.letter.web_addresses import mailboxes_in
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.telephone import is_dialable, long_numbers_in

_DIRECT = re.compile(
    r"\b(?:direct (?:line|dial|number|tel(?:ephone)?)|DDI|extension|ext)\b[ .:(no]{0,8}$", re.IGNORECASE
)
_PERSON = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|PC|DC|DS|DI|Sgt|Sergeant|Insp"
    r"|Inspector)\.? (?:[A-Z][\w'-]{0,20}\.? ){0,2}[A-Z][\w'-]{1,20}"
    r"[,:;( -]{0,3}(?:(?:on|at|tel|telephone|mobile|mob|phone|number|is|her|his|by)[ .:]{0,2}){0,4}$"
)
_PERSONAL_MAILBOX = re.compile(r"([a-z]{2,20})[._-]([a-z]{2,24}(?:-[a-z]{2,20})?)\d{0,3}@", re.IGNORECASE)
_ROLES = frozenset(
    re.findall(
        r"\S+",
        "safeguarding children childrens child family families letters letter enquiries info contact "
        "help admin office team service services social care support front door early school schools "
        "reception head parent parents customer access first response mash cass police council duty "
        "public general no reply advice line hub education online safety safe partnership board city "
        "county borough north south east west data protection ",
    )
)
"""Words that show that a mailbox belongs to a role."""
_REACH = 80
_NUMBER_HINT = "Print a role and a number that is always answered: Family letters team, 0151 496 0130."
_MAILBOX_HINT = "Print a mailbox that a team reads: letters@eastmere.example."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each such number and mailbox."""
    for piece in context.pieces:
        for number in long_numbers_in(piece):
            before = piece.folded.text[max(0, number.at - _REACH) : number.at]
            if is_dialable(number.digits) and (_DIRECT.search(before) or _PERSON.search(before)):
                message = f"{clip(number.text, 20)} is one person's direct line"
                yield Hit(piece, number.start, number.end, message, _NUMBER_HINT)
        yield from _mailboxes(piece)


def _mailboxes(piece: Piece) -> Iterator[Hit]:
    for start, end, mailbox in mailboxes_in(piece):
        names = _PERSONAL_MAILBOX.match(mailbox)
        if names is not None and not _ROLES & {
            part.casefold() for part in re.split(r"[._-]", mailbox.split("@")[0])
        }:
            yield Hit(piece, start, end, f"{clip(mailbox, 36)} is one person's mailbox", _MAILBOX_HINT)


RULE = Rule("TR023", "direct-line", Severity.WARNING, "text", check, only_about_harm=True)
