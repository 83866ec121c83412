"""One child: what became of a letter, what happened on the way, and which messages its adults were sent. No names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import connection

from everyfamily.audit.queries.events import events_about
from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.mailings.queries.mailings_of_school import MailingOfSchool, MailingsOfSchool
from everyfamily.mailings.queries.story import AttemptOf, attempts_of, tasks_of
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault
from everyfamily.people.queries import SchoolFacts, links_on_roll
from everyfamily.reports.adults import AdultLine, Try
from everyfamily.reports.facts import account_among
from everyfamily.reports.families import FamilyLine, children_of, lines_of, part_in, too_young
from everyfamily.reports.story_words import decision_words, news_words, task_words

type Adults = Mapping[int, AdultLine]
"""By the adult's row."""
_NOT_SENT = ("created", "sending", "refused")
"""Statuses of a try of which there is no message yet."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened."""

    at: datetime
    is_day: bool
    """Only the day is known."""
    what: str
    more: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that an adult of the child was sent."""

    attempt: int
    letter: int
    number: int
    """Of the adult."""
    channel: str
    language: str
    format: str
    version: Version | None
    """Of the letter; None if it has one."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """A child of the school and one letter. Only for the school's own people, never for a log."""

    pupil: int
    own_id: str
    """Blank once it is purged."""
    class_name: str
    line: FamilyLine | None
    """None if the child is not on the roll today, or the letter is not about it."""
    is_too_young: bool
    """The child is on the roll, and in a year group below those that the letter is offered to."""
    adults: tuple[AdultLine, ...]
    happened: tuple[Happened, ...]
    """The newest first."""
    sent: tuple[Sent, ...]


def story_of(
    mailing: MailingOfSchool,
    every: MailingsOfSchool,
    school: SchoolFacts,
    pupil: int,
    now: datetime,
    *,
    with_happened: bool = True,
) -> Story | None:
    """The child with this row, with what happened if it is asked for; None if the school has no such child.

    Raises SchoolHasNoList and SchoolKeyDestroyed.
    """
    school_id = school.id
    account = account_among(mailing.id, every.followed, mailing.from_year)
    of_school = {**account.values(now), "school": school_id}
    with tenant(school_id):
        part = part_in(mailing, school.lead_role, of_school)
        found = children_of(part, of_school, pupils=[pupil])
        own_id, class_name = (found[0].own_id, found[0].class_name) if found else _one(school_id, pupil)
        if class_name is None:
            return None
        young = not found and too_young(school_id, mailing.from_year, pupil=pupil) > 0
        vault = open_vault(school_id, now=now)
        every_try: list[AttemptOf] = []

        def tries_of(parents: Collection[int]) -> dict[int, list[Try]]:
            every_try.extend(attempts_of(school_id, account.mailings, parents))
            return _by_adult(every_try)

        line = next(iter(lines_of(found, part, of_school, vault, tries_of)), None)
        adults = {one.parent: one for one in line.adults} if line else {}
        # A copy that a brother or sister takes home is on that child's page.
        tries = [one for one in every_try if one.pupil in (None, pupil)]
        happened = (
            [
                *_of_tries(tries, adults),
                *_of_tasks(school_id, account.mailings, adults),
                *_of_decisions(school_id, adults),
                *_of_roll(school_id, pupil, adults),
            ]
            if with_happened
            else []
        )
    sent = [_sent(one, adults[one.parent]) for one in tries if one.status not in _NOT_SENT]
    return Story(
        pupil,
        vault.decrypt("pupil", pupil, bytes(own_id)) if own_id else "",
        class_name,
        line,
        young,
        tuple(adults.values()),
        tuple(sorted(_once(happened), key=lambda one: one.at, reverse=True)),
        tuple(sent),
    )


def _by_adult(tries: Iterable[AttemptOf]) -> dict[int, list[Try]]:
    found: dict[int, list[Try]] = {}
    for one in tries:
        found.setdefault(one.parent, []).append(Try(one.channel, one.status, one.changed_at))
    return found


def _once(happened: list[Happened]) -> Iterator[Happened]:
    """Each thing once: an objection that a person recorded is in the roll and in the audit trail."""
    return iter({(one.at, one.what): one for one in reversed(happened)}.values())


def _sent(one: AttemptOf, adult: AdultLine) -> Sent:
    version = Version(one.version) if one.version else None
    return Sent(
        one.id, one.letter, adult.number, one.channel, adult.language, adult.format, version, one.changed_at
    )


_CHILD = "SELECT p.id_encrypted, p.class_name FROM people_child p WHERE p.school_id = %s AND p.id = %s"


def _one(school_id: int, pupil: int) -> tuple[bytes | None, str | None]:
    """The encrypted id and the class of a child who may have left; no class if the school has no such child."""
    with connection.cursor() as cursor:
        cursor.execute(_CHILD, [school_id, pupil])
        return cursor.fetchone() or (None, None)


def _of_tries(tries: list[AttemptOf], adults: Adults) -> Iterator[Happened]:
    for one in tries:
        adult = f"adult {adults[one.parent].number}"
        for status, reason, at in one.news or ((one.status, "", one.changed_at),):
            if status in ("created", "sending"):
                continue
            what, more = news_words(one.channel, status, reason, adult)
            yield _at(at, what, more)


def _of_tasks(school_id: int, mailings: tuple[int, ...], adults: Adults) -> Iterator[Happened]:
    for task in tasks_of(school_id, mailings, adults):
        words = task_words(task.kind, f"adult {adults[task.parent].number}")
        if words is None:
            continue
        yield _at(task.opened_at, words[0], f"It waits for: {task.owner}.")
        if task.closed_at is not None:
            yield _at(task.closed_at, words[1], who=task.closed_by)


def _of_decisions(school_id: int, adults: Adults) -> Iterator[Happened]:
    whose = {("care", one.link): one.number for one in adults.values()}
    whose |= {("parent", parent): one.number for parent, one in adults.items()}
    about = {"care": [one.link for one in adults.values()], "parent": list(adults)}
    for event in events_about(school_id, about):
        number = whose[str(event["subject_type"]), int(str(event["subject_id"]))]
        detail = event["detail"] if isinstance(event["detail"], dict) else {}
        what = decision_words(str(event["action"]), detail, f"adult {number}")
        at = event["at"]
        if what is not None and isinstance(at, datetime):
            yield _at(at, what, who=str(event["actor"]))


def _of_roll(school_id: int, pupil: int, adults: Adults) -> Iterator[Happened]:
    links = links_on_roll(school_id, pupil)
    for one in links:
        # What a person recorded has its own event, with the same time.
        if one.objects_at is not None and one.adult in adults:
            yield _at(
                one.objects_at, f"Adult {adults[one.adult].number} asked for no more letters", who=one.objects_by
            )
    if links:
        yield _on(links[0].came_on, "The child came onto your roll", "From a file of your school.")
        if links[0].left_on is not None:
            yield _on(links[0].left_on, "The child left your roll")


def _on(day: date, what: str, more: str = "") -> Happened:
    return _at(datetime.combine(day, time(), LONDON), what, more)


def _at(at: datetime, what: str, more: str = "", who: str = "") -> Happened:
    local = at.astimezone(LONDON)
    # Closing a mailing keeps only the day, as its first moment.
    is_day = (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)
    return Happened(local, is_day, what, more, who)
