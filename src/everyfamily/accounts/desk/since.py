"""What others did since somebody was last here, as far as it concerns their roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from everyfamily.accounts.queries import names_of
from everyfamily.audit.queries.events import Event, events_of_kinds
from everyfamily.core.audit_words import Kind, actions_of, what_was_done
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.permissions import Held, Right
from everyfamily.people.database.tenancy import tenant

MOST = 10
MOST_SCHOOLS = 12
"""Schools whose trail is read for one page. Each takes two questions to the database."""
_LETTERS: Final = ("seal letter", "withdraw letter", "open mailing")
_MAILINGS: Final = (
    *_LETTERS,
    *("pause mailing", "resume mailing", "close mailing", "record stopped print", "open returns"),
    *("import schools", "take back schools"),
)
_PEOPLE: Final = (
    *("person invited", "invitation accepted", "invitation cancelled", "role ended", "let in again"),
    "link sent again",
    *actions_of(Kind.SETTINGS),
)
_SCHOOL: Final = (
    *("import roll", "hold roll", "attest", "begin wave", "pause school", "resume school", "file return"),
    "record hand-outs",
)
_LEAD: Final = (
    *_SCHOOL,
    *("attest restrictions", "attest parents", "decide restrictions in a batch", "confirm leavers"),
    *("keep pupils", "record death", "take back death", "settle owed correction"),
)
"""What whoever may read the school's own trail sees here too. Single decisions about a person are only in the trail."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that somebody did."""

    at: datetime
    words: str


def changes_since(
    day: date, account: int, held: Held, *, schools: Mapping[int, str], names: Mapping[tuple[str, str], str]
) -> list[Change]:
    """The newest of what others did from `day` on, at most ten.

    `schools` are names of their own by id, and `names` what is known of letters and mailings, by type and number.
    Raises SchoolNotYours for a school that this request was not opened for.
    """
    since = datetime.combine(day, time(), LONDON)
    found = [
        *_of_partnership(since, account, held, names),
        *_of_schools(since, account, held, schools),
    ]
    return sorted(found, key=lambda change: change.at, reverse=True)[:MOST]


def _of_partnership(
    since: datetime, account: int, held: Held, names: Mapping[tuple[str, str], str]
) -> Iterator[Change]:
    actions: set[str] = set()
    for right, concerned in (
        (Right.SEE_LETTERS, _LETTERS),
        (Right.SEE_MAILING, _MAILINGS),
        (Right.END_ACCESS, _PEOPLE),
    ):
        if held.in_partnership(right):
            actions |= {*concerned}
    if not actions:
        return
    found = events_of_kinds(None, actions, since=since, by_others_than=account, limit=MOST)
    about = (event.subject_id for event in found if event.subject_type == "account")
    ids = {int(subject) for subject in about if subject.isdecimal()}
    people = {("account", str(key)): name for key, name in names_of(ids).items()} if ids else {}
    for event in found:
        subject = {**names, **people}.get((event.subject_type, event.subject_id), "")
        yield _change(event, subject or (f"a {event.subject_type}" if event.subject_type else ""))


def _of_schools(since: datetime, account: int, held: Held, schools: Mapping[int, str]) -> Iterator[Change]:
    for school_id, name in sorted(schools.items(), key=lambda one: one[1])[:MOST_SCHOOLS]:
        actions = _LEAD if held.may(Right.SEE_SCHOOL_AUDIT, school_id=school_id) else _SCHOOL
        with tenant(school_id):
            found = events_of_kinds(school_id, actions, since=since, by_others_than=account, limit=MOST)
        where = f"{name}: " if len(schools) > 1 else ""
        yield from (_change(event, "the mailing", where) for event in found)


def _change(event: Event, subject: str, where: str = "") -> Change:
    done = what_was_done(event.action, event.subject_type, event.subject_id, event.detail, subject)
    who = "The product" if event.actor_kind == "worker" else event.actor
    return Change(event.at, f"{where}{who} {done.words}.")
