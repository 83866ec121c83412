"""A school's lead says that everything about its people is right as of now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.people.actions.decided.responsibility import call_parents, count_unclear
from everyfamily.people.actions.decided.restrictions import lift_not_said, links_not_said
from everyfamily.people.actions.decisions import count_decision, decisions_at_last
from everyfamily.people.actions.roll_lock import wait_for_roll
from everyfamily.people.actions.schools.schools import write_attestation
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.queries import last_word


class RollChanged(EveryfamilyError):
    """The lead looked at a roll that is not the newest, or somebody decided something meanwhile."""

    code = "EF269"


class AlreadyAttested(EveryfamilyError):
    """The same person attested by the same page before: a form that was sent twice."""

    code = "EF560"


@dataclass(frozen=True, slots=True)
class Attested:
    """What the lead's word did, in links between an adult and a child."""

    lifted: int
    """Said nothing of restrictions; now there is none."""
    not_said: int
    """Still say nothing of restrictions, and wait."""
    parents: int
    """Said neither responsibility nor care; now they are parents or carers."""
    parents_not_said: int
    """Still say neither, and wait."""


def not_as_shown() -> RollChanged:
    """What the lead answers is not what they were shown."""
    return RollChanged(
        "The school's roll, or a decision about its people, changed after you were shown it.",
        "Nothing was written. Look at what is new, then attest again.",
    )


def attest(
    school_id: int,
    *,
    restrictions: bool,
    parents: bool,
    by: Actor,
    now: datetime,
    seen: int | None = None,
    seen_word: int | None = None,
) -> Attested:
    """Attest for 24 hours, all or nothing. With `restrictions`, whoever is not marked has none. With `parents`, whoever
    is listed without a word about it is a parent or carer.

    `seen` is the count of the school's decisions (`people.queries.decisions_of`) when the lead was shown the roll. If a
    file or a decision came since, this raises RollChanged and writes nothing. `seen_word` is the number of the newest
    word (`people.queries.last_word`) at that time: with a newer one of theirs, this raises AlreadyAttested and writes
    nothing. If there is none of that number yet, no page has shown it, and this raises RollChanged. None asks nothing.
    """
    with tenant(school_id):
        wait_for_roll(school_id)
        word = last_word(school_id)
        if seen_word is not None and seen_word > (word.id if word else 0):
            raise not_as_shown()
        if seen_word is not None and word and word.id > seen_word and word.by == by.text:
            raise AlreadyAttested("You have said this already.", "Nothing was written twice.")
        lifted = lift_not_said(school_id, by=by, now=now) if restrictions else 0
        said = call_parents(school_id, by=by, now=now) if parents else 0
        # Last, because the word covers what it lifts.
        waited = write_attestation(school_id, by=by, now=now)
        if seen is not None and decisions_at_last(school_id) != seen:
            raise not_as_shown()
        if lifted or said or waited:
            count_decision(school_id)
        return Attested(lifted, links_not_said(school_id), said, count_unclear(school_id))
