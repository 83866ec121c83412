"""What the pages about attesting and pausing show."""

from __future__ import annotations

from typing import Any

from everyfamily.audit.queries.events import events, events_after
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.terms import letter_name
from everyfamily.core.next_steps import Next
from everyfamily.core.permissions import Role, role_name
from everyfamily.core.text.counts import of
from everyfamily.mailings.queries.opening import ATTESTED_WITHIN
from everyfamily.mailings.queries.school_part import mark_of, newest_part_of, parts_that_go_on
from everyfamily.people.actions.attest_steps import NOT_SEEN
from everyfamily.people.actions.attesting import Attested
from everyfamily.people.actions.roll_in_counts import roll_in_counts
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.queries import SchoolFacts, last_word
from everyfamily.staff.access import Visit
from everyfamily.staff.attest.forms import REASONS, Attesting
from everyfamily.staff.attest.words import after_word, moment, moved, too_early, what_waits
from everyfamily.staff.meanwhile import said_of
from everyfamily.staff.parts import PAGE_OF


def attest_values(
    visit: Visit,
    school: SchoolFacts,
    ticked: Attesting | None = None,
    problem: EveryfamilyError | None = None,
    *,
    changed: bool = False,
) -> dict[str, Any]:
    """The page on which a lead attests, with what was ticked. If the roll `changed`, with what did, and no tick."""
    counts, part = roll_in_counts(school.id), newest_part_of(school.id)
    trail = newest_event(school.id)
    with tenant(school.id):
        changes = events_after(ticked.trail, school_id=school.id) if changed and ticked else []
    return {
        "here": "schools",
        "school": school,
        "counts": counts,
        "waiting": counts.waiting,
        "is_more": counts.word is not None and bool(counts.joined or counts.new_adults),
        "lead": what_waits(part, counts.children, visit.now),
        "early": too_early(part, visit.now, ATTESTED_WITHIN),
        "came": moment(counts.came_at) if counts.came_at else "",
        "role": _as_in_a_sentence(school.lead_role or role_name(Role.LEAD)),
        "as_of": moment(visit.now, year=True),
        "until": moment(visit.now + ATTESTED_WITHIN),
        "said_by": counts.word.by if counts.word else "",
        "said_at": moment(counts.word.at) if counts.word else "",
        "still_counts": counts.word is not None and counts.word.at + ATTESTED_WITHIN > visit.now,
        "trail": trail,
        "ticked": Attesting() if changed else ticked or Attesting(),
        "changes": said_of(reversed(changes)),
        "moved": moved(ticked.waited, counts.waiting) if changed and ticked else "",
        "problem": None if changed else problem,
        "problem_at": "roll",
        "changed": changed,
        "pages": {step.name: page for step, page in PAGE_OF.items()},
    }


def _as_in_a_sentence(role: str) -> str:
    """What the school calls its lead, inside a sentence. "DSL" stays as it is."""
    return role if role[1:2].isupper() else role[:1].lower() + role[1:]


def newest_event(school_id: int) -> int:
    """The number of the newest event in the school's trail, or 0."""
    with tenant(school_id):
        newest = events(school_id, limit=1)
    return newest[0].id if newest else 0


def attested_values(visit: Visit, school: SchoolFacts) -> dict[str, Any] | None:
    """The newest word and what happens next, or None if there is none."""
    part = newest_part_of(school.id)
    with tenant(school.id):
        word = last_word(school.id)
    if word is None:
        return None
    ends = word.at + ATTESTED_WITHIN
    return {
        "here": "schools",
        "school": school,
        "word": word,
        "said_at": moment(word.at, year=True),
        "until": moment(ends),
        "counts": ends > visit.now,
        "next": after_word(part, word.at, visit.now, ATTESTED_WITHIN),
        "not_seen": NOT_SEEN,
        "decide": PAGE_OF.get(Next.DECIDE_RESTRICTIONS, ""),
    }


def did(done: Attested) -> str:
    """What the word did, for the page after it."""
    said = []
    if done.lifted:
        said.append(
            f"{of(done.lifted, 'decision')}: your roll did not mention restrictions, and by your word there is none."
        )
    if done.parents:
        said.append(
            f"{of(done.parents, 'decision')}: it did not say who is a parent or carer, and by your word they are."
        )
    return " ".join(said)


def pause_values(visit: Visit, school: SchoolFacts, problem: EveryfamilyError | None = None) -> dict[str, Any]:
    """The page on which a school pauses its part or lets it go on."""
    parts = parts_that_go_on(school.id)
    paused = [one for one in parts if one.paused_at is not None]
    stops = [one for one in parts if one.paused_at is None]
    going = [
        f"{letter_name(one.term, one.follows_as)}, {one.reference}" for one in stops if not one.is_whole_paused
    ]
    return {
        "here": "schools",
        "school": school,
        "parts": [
            (
                letter_name(one.term, one.follows_as),
                one,
                moment(one.wave_at),
                moment(one.paused_at) if one.paused_at else "",
            )
            for one in parts
        ],
        "stops": stops,
        "going": going,
        "going_words": of(len(going), "letter") if going else "our part",
        "may_resume": any(one.from_school for one in paused),
        "by_partnership": bool(paused) and not any(one.from_school for one in paused),
        "is_whole_paused": any(one.is_whole_paused for one in parts),
        "reasons": REASONS.items(),
        "mark": mark_of(parts),
        "as_of": moment(visit.now),
        "problem": problem,
    }
