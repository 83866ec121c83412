"""The staff briefing, in an email to a school's own mailbox two school days before its families get the letter."""

from __future__ import annotations

from datetime import date

from everyfamily.channels.base import Body
from everyfamily.core.letter.letters import Letter
from everyfamily.core.letter.terms import letter_of_term
from everyfamily.core.text.dates import day_with_weekday

_US = (
    "On {day} we write to your families: our {letter}, reference {reference}. You need not send anything. Please give "
    "the page below to your staff before then. Parents may come to them about it, and so may children."
)
_SELVES = (
    "Our {letter}, reference {reference}, goes to families from {day}, and you send it to yours from your kit. Please "
    "give the page below to your staff before you do. Parents may come to them about it, and so may children."
)


def briefing_letter(
    letter: Letter, briefing: str, *, school: str, on: date, sends_itself: bool, key: str
) -> Body:
    """To one school. `briefing` is the sealed page as plain text, `on` the day of its wave. The subject names no
    topic."""
    day, name = day_with_weekday(on), letter_of_term(letter.term)
    said = [
        f"To the office of {school}:",
        (_SELVES if sends_itself else _US).format(day=day, letter=name, reference=letter.reference),
        "-" * 40,
        briefing.strip(),
        "-" * 40,
        f"Questions? Ring {letter.enquiries.role}, {letter.enquiries.number} ({letter.enquiries.hours}), or reply to "
        "this email.",
        letter.partnership,
    ]
    if letter.demonstration:
        said.append("Demonstration: an invented city.")
    return Body(
        key=key,
        language="en",
        sender_name=letter.sender_name,
        reply_to=letter.reply_mailbox,
        subject=f"For your staff, before {day}: the {name} {letter.reference}",
        text="\n\n".join(said) + "\n",
    )
