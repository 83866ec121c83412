"""What waits for a person: tasks of whole mailings, and tasks of schools counted by kind. Never an adult's name."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from everyfamily.mailings.models import MailingTask
from everyfamily.mailings.queries.health import NotBegun
from everyfamily.mailings.queries.mailings import planner_rows

_WHAT: Final = {
    "carrier": "sending stopped before the carrier had it",
    "failures": "too many messages fail",
    "letter": "the letter may not be sent",
    "route": "a number or address in the letter may not be printed",
    "paused": "a person stopped it",
    "restored": "the database was restored: what was sent since is not known",
    "restriction": "who may have the letter",
    "to tell": "tell adults who had the wrong letter and may not be written to",
    "new word": "came or was opened after the lead’s word: say again that the roll is right",
    "attestation": "the school has not attested",
    "unknown attempt": "not known whether it went",
    "not begun": "its wave has not begun",
    "hand-out": "paper waits to be handed out",
    "bin copies": "copies of a withdrawn letter: bin them, do not hand them out",
    "take out": "copies at the print house: have them taken out today",
    "keep back": "copies in classrooms: keep back those that may not go home any more",
    "roll: restriction": "who may be written to",
    "roll: restrictions not said": "the file says nothing about restrictions for some adults",
    "roll: relationship": "who is a parent or carer",
    "roll: leavers": "who has left",
    "roll: order ended": "a court order, or what else kept an adult away, has ended: decide again",
    "roll: call": "what somebody asked for on the telephone",
    "roll: shared home": "whether it is the home of somebody who may not have the letter",
    "roll: attestation": "the lead has not attested, and nobody there got the last letter",
    "roll: file held": "the file was held: it may be the wrong one",
}


def task_in_words(kind: str) -> str:
    """What a task of this kind asks for."""
    return _WHAT.get(kind) or _WHAT.get(kind.removeprefix("roll: "), kind)


@dataclass(frozen=True, slots=True)
class OpenTask:
    """One task of a mailing, or all of one kind and owner at one school. `reference` is "" for those of a roll."""

    reference: str
    kind: str
    owner: str
    due_on: date
    fact: str = ""
    urn: int | None = None
    """The school whose it is. None for the partnership."""
    count: int = 1
    role: str = "coordinator"
    """Whose it is there, as a code; `owner` says it in words."""
    account: int | None = None
    """Of the person at the partnership whose it is, if they signed in."""

    @property
    def what(self) -> str:
        """What must be decided or done, in words. A task of a mailing that was closed half-way belongs to the school,
        and keeps its name."""
        return task_in_words(self.kind)


@dataclass(frozen=True, slots=True)
class TaskAtSchool:
    """All tasks of one kind and owner at one school, with the school."""

    school_id: int
    name: str
    task: OpenTask
    decisions: int
    """If it is about who may have the letter: how many decisions wait at the school, as its list of them shows."""


def waves_as_tasks(waves: Iterable[NotBegun]) -> list[OpenTask]:
    """Waves that should have begun, as tasks of the people who started their mailings."""
    return [
        OpenTask(
            one.reference,
            "not begun",
            one.owner,
            one.due_at.date(),
            f"It was due at {one.due_at:%H:%M}. See that a worker is alive, and what its log says.",
            one.urn,
        )
        for one in waves
    ]


def open_tasks() -> list[OpenTask]:
    """Everything that waits for a person, with what is due first at the top."""
    whole = [
        OpenTask(
            task.mailing.letter.reference,
            task.kind,
            task.owner,
            task.due_on,
            task.fact,
            role=task.owner_role,
            account=task.owner_account,
        )
        for task in MailingTask.objects.filter(closed_at=None).select_related("mailing__letter")
    ]
    of_schools = [one.task for one in school_tasks()]
    return sorted(whole + of_schools, key=lambda task: (task.due_on, task.urn or 0, task.kind))


def school_tasks(schools: Collection[int] | None = None) -> list[TaskAtSchool]:
    """What waits at schools, counted by school, mailing, kind and owner: at these, or at every one.

    Raises SchoolNotYours for a school that this request was not opened for.
    """
    rows = planner_rows(_OF_SCHOOLS, {"schools": None if schools is None else list(schools)}, schools=schools)
    return [
        TaskAtSchool(
            school_id, name, OpenTask(reference, kind, owner, due_on, urn=urn, count=count, role=role), decisions
        )
        for reference, kind, owner, due_on, urn, count, role, school_id, name, decisions in rows
    ]


_OF_SCHOOLS = """
WITH task AS (
  SELECT t.school_id, t.kind, t.owner, t.owner_role, t.due_on, t.parent_id, t.mailing_id, m.state,
    -- A mailing that is over asks for nothing more; the decision stays the school's own. Only a correction asks whom to
    -- tell of a wrong letter.
    CASE WHEN m.follows_as = 'correction' OR m.state <> 'closed' THEN l.reference ELSE '' END AS reference,
    CASE WHEN t.kind NOT IN ('restriction', 'attestation') OR m.follows_as = 'correction' THEN t.id END AS alone
  FROM mailings_persontask t JOIN mailings_mailing m ON m.id = t.mailing_id
  JOIN letters_known_letter l ON l.id = m.letter_id
  WHERE t.closed_at IS NULL AND (%(schools)s::bigint[] IS NULL OR t.school_id = ANY(%(schools)s))
  UNION ALL
  SELECT t.school_id, t.kind, t.owner, 'lead', t.due_on, t.parent_id, NULL, 'roll', '', NULL
  FROM people_open_roll_task t WHERE %(schools)s::bigint[] IS NULL OR t.school_id = ANY(%(schools)s)),
once AS (
  SELECT *, row_number() OVER (
    PARTITION BY school_id, kind, parent_id, alone
    ORDER BY array_position(ARRAY['open', 'paused', 'roll', 'withdrawn', 'closed'], state::text), mailing_id DESC
  ) AS place
  FROM task)
SELECT t.reference, CASE WHEN t.state IN ('roll', 'closed') AND t.reference = '' THEN 'roll: ' ELSE '' END || t.kind,
  t.owner, min(t.due_on), s.urn, count(*), t.owner_role, t.school_id, s.name,
  CASE WHEN t.kind IN ('restriction', 'restrictions not said') THEN (
    SELECT count(*) FROM people_link_shown w WHERE w.school_id = t.school_id AND w.waits) ELSE 0 END
FROM once t JOIN people_known_school s ON s.id = t.school_id WHERE t.place = 1 GROUP BY 1, 2, 3, 5, 7, 8, 9, t.kind
"""
"""One decision about one adult, or one school's attestation, is counted once, where it is most urgent."""
