"""What the page of one child shows, and of one message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from everyfamily.channels.base import Body
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.calendar.year_groups import from_year_in_words
from everyfamily.core.permissions import Right
from everyfamily.core.sending.fallback import Channel
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_in_words, day_with_weekday, time_in_words
from everyfamily.letters.queries import letter_by_id
from everyfamily.mailings.messages.as_sent import message_as_sent
from everyfamily.mailings.queries.mailings_of_school import MailingOfSchool
from everyfamily.people.keys.school_keys import SchoolKeyDestroyed
from everyfamily.people.queries import SchoolFacts
from everyfamily.rendering.view import direction_of
from everyfamily.reports.adults import DIED, AdultLine, Try
from everyfamily.reports.family_rows import STATUSES, is_day_only
from everyfamily.reports.family_story import Happened, Sent, Story, story_of
from everyfamily.reports.wording import MEANINGS, OUTCOMES
from everyfamily.staff.access import Visit
from everyfamily.staff.families.letters import letters_of, name_of
from everyfamily.staff.families.pages import by_words, moment_words, next_words, who_words

_MESSAGES = {
    Channel.EMAIL: "The email to adult {number}",
    Channel.TEXT: "The text message to adult {number}",
    Channel.POST: "The letter by post to adult {number}",
    Channel.PUPIL_POST: "The copy that the child takes home, for adult {number}",
}


@dataclass(frozen=True, slots=True)
class Adult:
    """An adult without a name: what they are to the child, whether they may have the letter, and each way. `parent` is
    their row."""

    number: int
    relationship: str
    standing: str
    tries: tuple[str, ...]
    parent: int
    has_died: bool


def story_at(
    visit: Visit, school: SchoolFacts, pupil: int, asked: int, *, with_happened: bool = False
) -> tuple[Story, MailingOfSchool]:
    """The child, and the letter that is asked for. A child that is not of this school is not there."""
    letter, every = letters_of(visit, school, asked)
    if letter is None or letter.sends_itself:
        raise Http404
    try:
        story = story_of(letter, every, school, pupil, visit.now, with_happened=with_happened)
    except SchoolKeyDestroyed:
        # Nobody can say which child it is. The list says why.
        story = None
    if story is None:
        raise Http404
    return story, letter


def child_values(visit: Visit, school: SchoolFacts, pupil: int, asked: int) -> dict[str, Any]:
    """One child and one letter."""
    story, letter = story_at(visit, school, pupil, asked, with_happened=True)
    line = story.line
    return {
        "here": "schools",
        "school": school,
        "as_of": moment_words(visit),
        "story": story,
        "letter": letter,
        "letter_name": name_of(letter),
        "years": from_year_in_words(letter.from_year),
        "outcome": OUTCOMES[line.outcome] if line else "",
        "line": line,
        "meaning": MEANINGS[line.outcome] if line and not line.reason else "",
        "next_step": next_words(line) if line else "",
        "who": who_words(line) if line else "",
        "may_decide": visit.held.may(Right.DECIDE_ABOUT_CHILDREN, school_id=school.id),
        "may_note_death": visit.held.may(Right.NOTE_DEATH, school_id=school.id),
        "by": by_words(line) if line else "",
        "adults": [_adult(one) for one in story.adults],
        "adults_heading": of(len(story.adults), "adult"),
        "happened": [(one, _when(one)) for one in story.happened],
        "sent": [(one, message_words(one)) for one in story.sent],
    }


def _adult(line: AdultLine) -> Adult:
    standing = _STANDINGS.get(line.standing, line.standing)
    return Adult(
        line.number,
        line.relationship,
        standing[:1].upper() + standing[1:],
        tuple(map(_try_words, line.tries)),
        line.parent,
        line.standing == DIED,
    )


_STANDINGS = {"may not be written to": "must not have the letter: we send nothing, and use none of their details"}


def _try_words(one: Try) -> str:
    at = one.at.astimezone(LONDON)
    hour = "" if is_day_only(at) else f", {time_in_words(at.time())}"
    words = f"{one.channel} {STATUSES.get(one.status, one.status)}, {day_with_weekday(at.date())}{hour}"
    return words[:1].upper() + words[1:]


def _when(one: Happened) -> str:
    day = day_in_words(one.at.date())
    return day if one.is_day else f"{day}, {time_in_words(one.at.time())}"


def message_words(sent: Sent) -> str:
    """ "The email to adult 1"."""
    return _MESSAGES[Channel(sent.channel)].format(number=sent.number)


def message_of(school: SchoolFacts, story: Story, attempt: int) -> tuple[Sent, Body]:
    """One message that an adult of this child was sent. Any other is not there."""
    sent = next((one for one in story.sent if one.attempt == attempt), None)
    if sent is None:
        raise Http404
    letter = letter_by_id(sent.letter)
    return sent, message_as_sent(letter, school, sent.channel, sent.language, sent.format, sent.version)


def letter_values(visit: Visit, school: SchoolFacts, pupil: int, asked: int, attempt: int) -> dict[str, Any]:
    """One message in the words in which it was sent."""
    story, letter = story_at(visit, school, pupil, asked)
    sent, body = message_of(school, story, attempt)
    at = sent.at.astimezone(LONDON)
    return {
        "here": "schools",
        "school": school,
        "story": story,
        "letter": letter,
        "letter_name": name_of(letter),
        "sent": sent,
        "name": message_words(sent),
        "body": body,
        "dir": direction_of(body.language),
        "on": day_in_words(at.date()),
    }
