"""A school's lead says that everything about its people is right as of now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from everyfamily.core.actors import Actor
from everyfamily.people.actions.decided.responsibility import attest_parents, unclear_count
from everyfamily.people.actions.decided.restrictions import attest_restrictions, links_not_said
from everyfamily.people.actions.schools.schools import attest_school


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


def attest(school_id: int, *, restrictions: bool, parents: bool, by: Actor, now: datetime) -> Attested:
    """Attest for 24 hours. With `restrictions`, whoever is not marked has none. With `parents`, whoever is listed
    without a word about it is a parent or carer."""
    attest_school(school_id, by=by, now=now)
    lifted = attest_restrictions(school_id, by=by, now=now) if restrictions else 0
    said = attest_parents(school_id, by=by, now=now) if parents else 0
    return Attested(lifted, links_not_said(school_id), said, unclear_count(school_id))
