"""What the pages say of a decision: why somebody waits, what was decided, and what they are to the child."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.rolls.model.roll_rows import (
    DOUBT,
    GONE,
    IN_CARE,
    NOT_ASKED,
    NOT_READABLE,
    NOT_SAID,
    NOTE_NOT_READ,
    VALUE_NOT_READ,
)
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_in_words, time_in_words

REASONS: Mapping[str, tuple[str, str]] = {
    DOUBT: (
        "Perhaps an adult who must not have the letter",
        "The name is close to that of an adult who must not have the letter, or they are new beside a child whose file "
        "no longer has such an adult. Look at both.",
    ),
    NOT_READABLE: (
        "The file cannot be read",
        "It says something about contact, and we do not know what that means.",
    ),
    GONE: (
        "Was missing from a file",
        "A file came without this adult, perhaps on purpose. So no later file opens it by itself, even if they are in "
        "it again. If nothing speaks against it, say that they may have the letter.",
    ),
    IN_CARE: ("The child is in care", "Birth parents wait until you say whether they may have the letter."),
    NOT_ASKED: (
        "A column of the file is not answered yet",
        "There is something about this child in a column, and nobody has said what it means. Upload the file again and "
        "say it once for the column: then most of these settle by themselves.",
    ),
    NOTE_NOT_READ: (
        "A note that nobody has read",
        "There is a note next to the child, and we do not know what it means. Read the notes first: the same words are "
        "read only once.",
    ),
    VALUE_NOT_READ: (
        "A word that we do not know",
        "It is in a column about who may have the letter. Read it with the notes first: the same word is read only "
        "once.",
    ),
    "hold": ("On hold", "The file, or somebody at your school, says to wait."),
    "unknown": ("The file says that it is not known", "Look in your school’s records."),
    NOT_SAID: ("The file does not say", "There is no word about court orders or contact for these adults."),
}
"""Why a link waits -> what the list says, the ones that can do most harm first."""
NOBODY_LEFT = (
    "When the file came in, they could be an adult who must not have the letter. Nobody is like that any more, so "
    "there is nobody to compare them with."
)
"""Of a doubt, if what it was about has changed since."""
STATES: Mapping[str, str] = {
    "none": "may have the letter",
    "do not send": "must not have the letter",
    "hold": "waits for you",
    "unknown": "waits for you",
}
"""A restriction, as the end of a sentence about the adult."""
CHANNELS: Mapping[str, str] = {"post": "Address", "email": "Email", "text": "Mobile"}
BY_CHANNEL: Mapping[str, str] = {"email": "email", "text": "text message", "post": "post"}
SHARED: Mapping[str, str] = {"post": "home", "email": "inbox", "text": "phone"}


def place_in_words(class_name: str, year_group: str) -> str:
    """ "class 3A, Year 3", or what of it the file gives. A year is "7", "Year 7" or "Reception" in a file."""
    year = f"Year {year_group}" if year_group.isdigit() else year_group
    return ", ".join(one for one in (f"class {class_name}" if class_name else "", year) if one)


def way_in_words(channel: str, value: str) -> str:
    """An address on one line, a mobile number as people write it: "07700 900123"."""
    if channel == "post":
        return ", ".join(value.splitlines())
    if channel == "text" and value.startswith("+447"):
        return f"0{value[3:7]} {value[7:]}"
    return value


def reason_code(kind: str) -> str:
    """As an address has it."""
    return kind.replace(" ", "-")


def moment(at: datetime | None) -> str:
    """ "14 September 2026 at 2:12pm", or nothing."""
    if at is None:
        return ""
    here = at.astimezone(LONDON)
    return f"{day_in_words(here.date())} at {time_in_words(here.time())}"


def day(at: datetime | None) -> str:
    """ "14 September 2026", or nothing."""
    return day_in_words(at.astimezone(LONDON).date()) if at else ""


def held(links: int) -> str:
    """What is said of others who wait because of a decision."""
    if not links:
        return ""
    wait = "this one waits" if links == 1 else "they wait"
    return f"{of(links, 'adult')} with a name like theirs may be the same person: {wait} for you now."
