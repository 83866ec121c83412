"""What a school's mailbox is told about a withdrawn letter: no topic, no child, and no number that may be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from everyfamily.channels.base import Body
from everyfamily.core.letter.letters import Letter
from everyfamily.core.letter.terms import letter_of_term
from everyfamily.core.text.dates import day_in_words

_SENT = (
    "You told us that you have sent it. Please do not write to families about it yet: you get a letter from us that "
    "corrects it, for the families who had this one. The return that you filed stays as it is; there will be a new one "
    "for the correction."
)
_PERHAPS_SENT = (
    "If you have not sent it, please do not: put its files where nobody uses them. You need not file a return for it. "
    "If you have sent it, do not write to families about it yet: we will send you a letter that corrects it, for the "
    "families who had this one."
)
_RIGHT_NOW = (
    "Is somebody asking you because of it? If a child is in danger now, ring 999. Whom else to call is on "
    "https://{page}: that is right today. Do not use a number from the letter."
)
_ASK = (
    "Questions? Ring the people who send you these letters, on a number you already have, or reply to this email."
)


def stop_letter(letter: Letter, *, school: str, withdrawn_on: date, has_filed: bool, key: str) -> Body:
    """To a school that sends the letter itself: do not send it, and what comes next."""
    opening = _opening(letter, school, withdrawn_on)
    return _body(letter, "Stop: do not send", key, opening, _SENT if has_filed else _PERHAPS_SENT)


def bin_letter(letter: Letter, *, school: str, withdrawn_on: date, copies: Mapping[str, int], key: str) -> Body:
    """To a school with copies for its classes: which piles not to hand out. `copies` is class -> how many."""
    total = sum(copies.values())
    many = "1 copy lies" if total == 1 else f"{total:,} copies lie"
    piles = (f"  {group or 'No class in your file'}: {count:,}" for group, count in copies.items())
    return _body(
        letter,
        "Bin the copies of",
        key,
        _opening(letter, school, withdrawn_on),
        f"Please hand no copy of it out. As far as we know, {many} in your school, by class:",
        "\n".join(piles),
        "If a class has handed its copies out already, tell us which and on what day. Bin the rest: nobody\u2019s name "
        "is on them. Tell us today: which letter those families get next depends on it.",
    )


def _opening(letter: Letter, school: str, withdrawn_on: date) -> str:
    return (
        f"To the office of {school}:\n\nOur {letter_of_term(letter.term)} of {day_in_words(letter.dated)}, reference "
        f"{letter.reference}, was withdrawn on {day_in_words(withdrawn_on)}. Something in it is wrong."
    )


def _body(letter: Letter, what: str, key: str, *paragraphs: str) -> Body:
    said = [*paragraphs, _RIGHT_NOW.format(page=letter.page), _ASK, letter.partnership]
    if letter.demonstration:
        said.append("Demonstration: an invented city.")
    return Body(
        key=key,
        language="en",
        sender_name=letter.sender_name,
        reply_to=letter.reply_mailbox,
        subject=f"{what} the {letter_of_term(letter.term)} {letter.reference}",
        text="\n\n".join(said) + "\n",
    )
