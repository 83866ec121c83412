"""The letter to a school's mailbox about its return: a link, a day, whom to ring. It names no topic."""

from __future__ import annotations

from everyfamily.channels.base import Body
from everyfamily.core.accounting.return_reminders import ReminderKind
from everyfamily.core.calendar.year_groups import from_year_in_words
from everyfamily.core.letter.letters import Letter
from everyfamily.core.letter.terms import letter_of_term
from everyfamily.core.text.dates import day_with_weekday
from everyfamily.mailings.queries.returns import ReturnsOf

_SUBJECTS = {
    ReminderKind.LINK: "Your school’s return for the {letter}, due {due}",
    ReminderKind.BEFORE: "Due {due}: your school’s return for the {letter}",
    ReminderKind.DUE: "Due today: your school’s return for the {letter}",
    ReminderKind.LATE: "Not in yet: your school’s return for the {letter}",
}
_FIRST = {
    ReminderKind.LINK: "Please tell us how many children’s families have the {letter}. It takes about five minutes.",
    ReminderKind.BEFORE: "Your school’s return for the {letter} has not come in yet. It is due on {due}.",
    ReminderKind.DUE: "Your school’s return for the {letter} has not come in yet. It is due today, {due}.",
    ReminderKind.LATE: "Your school’s return for the {letter} has not come in. It was due on {due}.",
}
_FOLLOWS = {
    "correction": "This letter, {reference}, corrects our letter {follows}, which was withdrawn: something in it is "
    "wrong. Please send it, from the kit behind the link below, to the families who had that one, and then tell us "
    "how many have it. If you had not sent that one, do not send this: you will get another letter, for all families.",
    "replacement": "This letter, {reference}, takes the place of our letter {follows}, which was withdrawn: "
    "something in it is wrong. If you had not sent that one, please send this, from the kit behind the link below, to "
    "all families, and then tell us how many have it. If you had, do not send this: you will get a correction.",
}
_YEARS = "This letter is for children {years}. Please send it to their families, and count only these children."
_LAST = "Until it is in, no child at your school counts as reached."


def return_letter(
    kind: ReminderKind,
    letter: Letter,
    returns: ReturnsOf,
    *,
    school: str,
    key: str,
    address: str,
) -> Body:
    """The letter of one kind to one school. `address` is its link. `key` names it in the outbox."""
    due, close = day_with_weekday(returns.due_on), day_with_weekday(returns.close_on)
    fill = {"letter": letter_of_term(letter.term), "due": due}
    late = kind in (ReminderKind.DUE, ReminderKind.LATE)
    follows = _FOLLOWS.get(returns.follows_as, "").format(reference=letter.reference, follows=returns.follows)
    years = from_year_in_words(letter.from_year)
    paragraphs = [
        f"To the office of {school}:",
        *([follows] if follows else []),
        *([_YEARS.format(years=years)] if years and returns.follows_as != "correction" else []),
        f"{_FIRST[kind].format(**fill)}{' ' + _LAST if late else ''}",
        "Five numbers and one question; no account, no names. Open this link:",
        address,
        f"You can change the numbers with the same link until {close}. The link is your school’s: whoever has it "
        "can file for you, so keep it inside the school. This mailbox is all it is sent to.",
        f"Wrong school, or a problem? Ring {letter.enquiries.role}, {letter.enquiries.number} "
        f"({letter.enquiries.hours}), or answer this email.",
        letter.partnership,
    ]
    if letter.demonstration:
        paragraphs.append("Demonstration: an invented city.")
    return Body(
        key=key,
        language="en",
        sender_name=letter.sender_name,
        reply_to=letter.reply_mailbox,
        subject=_SUBJECTS[kind].format(**fill),
        text="\n\n".join(paragraphs) + "\n",
    )
