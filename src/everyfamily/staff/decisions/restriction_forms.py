"""What somebody answered about one link, and what that decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict

from everyfamily.core.actors import Actor
from everyfamily.core.adults.grounds import Ground
from everyfamily.people.actions.decided.adult_deaths import record_adult_death
from everyfamily.people.actions.decided.link_lists import LinkToReview
from everyfamily.people.actions.decided.link_page import Card, LinkOpened
from everyfamily.people.actions.decided.objections import record_objection
from everyfamily.people.actions.decided.restrictions import opens, review_restriction
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit
from everyfamily.staff.decisions.asked import AnswerMissing, ticked
from everyfamily.staff.decisions.words import held

DECISIONS = {"may": "none", "must-not": "do not send", "wait": "hold"}
"""An answer -> what is decided."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered. `decision` is None after "this is somebody else", until they say what that means."""

    decision: str | None
    same_as: Card | None = None
    also: Mapping[int, str] = field(default_factory=dict)
    """Other children of the adult, by their link, about whom they must not have the letter either."""
    ground: Ground | None = None
    """What keeps them away, if it was said."""


def read_answer(said: QueryDict, found: LinkOpened) -> Answer:
    """The answer of the form. Raises AnswerMissing."""
    answer = said.get("answer", "")
    if answer == "must-not":
        return Answer(DECISIONS[answer], also=ticked(said, "also"), ground=_ground(said))
    if answer in DECISIONS:
        return Answer(DECISIONS[answer])
    if answer == "else":
        return Answer(DECISIONS.get(said.get("may", "")), ground=_ground(said))
    same = next((one for one in found.asked_about if answer == f"same-{one.adult}"), None)
    if same is None:
        raise AnswerMissing(
            "Choose whether this is the same adult."
            if found.asked_about
            else "Choose whether they may have the letter.",
            "If you do not know yet, choose that: nothing goes to them.",
            at="answer-1",
        )
    return Answer("none" if not same.restriction else _as_closed(same), same)


def typed_ground(said: QueryDict) -> dict[str, str]:
    """What was said of what keeps the adult away, as the form has it."""
    return {name: said.get(name, "").strip()[:20] for name in ("ground", "ends_on", "order_seen")}


def kept_ground(link: LinkToReview, by: Actor, today: date) -> dict[str, str]:
    """What is kept, as the form has it: to decide the same again loses nothing. A day that is over is asked for again,
    and nobody says for somebody else that they saw the order."""
    kept = link.ground
    if kept is None:
        return {}
    ends_on = kept.ends_on.isoformat() if kept.ends_on is not None and not kept.has_ended(today) else ""
    is_seen = kept.is_order_seen and link.reviewed_by == by.text
    return {"ground": kept.kind, "ends_on": ends_on, "order_seen": "yes" if is_seen else ""}


def _ground(said: QueryDict) -> Ground | None:
    """None if nothing was said of it: closing never waits for a reason."""
    typed = typed_ground(said)
    if not any(typed.values()):
        return None
    try:
        ends_on = date.fromisoformat(typed["ends_on"]) if typed["ends_on"] else None
    except ValueError:
        raise AnswerMissing("This is not a day.", "Give it such as 2027-06-30.", at="ends-on") from None
    return Ground(typed["ground"], ends_on, typed["order_seen"] == "yes")


def _as_closed(same: Card) -> str:
    """The same person is closed here as they are there."""
    return "do not send" if same.restriction == "do not send" else "hold"


def save_answer(visit: Visit, school: SchoolFacts, found: LinkOpened, answer: Answer, seen: str) -> str:
    """Decide, and say what else that did, without a name. Raises what `review_restriction` raises."""
    assert answer.decision is not None
    by, link = visit.actor, found.link
    if is_already(found, answer, by, seen):
        return ""
    if opens(link.restriction, answer.decision):
        by.require_may_open()
    if answer.same_as is not None and not answer.same_as.restriction:
        # Who asked for no letters, or died, did so as one person. It stops the letters, so the link itself is not
        # restricted.
        stop = record_adult_death if answer.same_as.has_died else record_objection
        stop(school.id, adult=link.adult, by=by, now=visit.now)
    done = review_restriction(
        school.id,
        link=link.link,
        decision=answer.decision,
        by=by,
        now=visit.now,
        seen=seen,
        also=answer.also,
        ground=answer.ground,
    )
    if answer.same_as is not None and not answer.same_as.restriction:
        return "" if answer.same_as.has_died else "They asked for no letters, and get none."
    return held(done.also_held)


def is_already(found: LinkOpened, answer: Answer, by: Actor, seen: str) -> bool:
    """The same form came twice: it is decided so, by the same person, since the page was shown."""
    link = found.link
    now = (link.restriction, link.reviewed_by, link.ground)
    return link.mark != seen and now == (answer.decision, by.text, answer.ground)
