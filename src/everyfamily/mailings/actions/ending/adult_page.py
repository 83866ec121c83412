"""What a school's own people see of one adult on a page, and what they are told before the adult is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from everyfamily.core.actors import Actor
from everyfamily.mailings.actions.ending.subject_access import shown_about
from everyfamily.mailings.models import Delivery
from everyfamily.mailings.queries.school_part import open_mailings_of
from everyfamily.people.actions.keeping.exports import Export, exports_of
from everyfamily.people.actions.keeping.forgetting import Forgettable, forgettable
from everyfamily.people.actions.keeping.subject_access import note_a_look
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.queries import SchoolFacts


@dataclass(frozen=True, slots=True)
class AdultShown:
    """What is held, as `shown_about` says it, and what whoever looks has asked for. Personal data."""

    held: dict[str, Any]
    exports: list[Export]


@dataclass(frozen=True, slots=True)
class BeforeForgetting:
    """What would go, and what is under way."""

    would_go: Forgettable
    letters_open: int
    """Letters to this adult in mailings that are not closed: messages that were handed over cannot be taken back."""


def adult_for_page(school: SchoolFacts, adult: int, *, by: Actor, now: datetime) -> AdultShown:
    """The page of one adult, with a record that somebody looked. Raises AdultNotKnown."""
    with tenant(school.id):
        found = shown_about(school, adult, now=now)
        note_a_look(school.id, adult, found["events"], by=by, now=now)
        return AdultShown(found, exports_of(school.id, adult, by.account, now))


def before_forgetting(school_id: int, adult: int) -> BeforeForgetting:
    """Raises AdultNotKnown."""
    with tenant(school_id):
        would_go = forgettable(school_id, adult)
        open_now = open_mailings_of(school_id)
        letters = Delivery.objects.filter(school_id=school_id, parent_id=adult, mailing_id__in=open_now)
        return BeforeForgetting(would_go, letters.count())
