"""What needs a person of the partnership today, as cards at the head of the coverage page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from everyfamily.core.accounting.coverage import Reason
from everyfamily.core.accounting.published import Disclosed, SchoolLine, Standing
from everyfamily.reports import wording


@dataclass(frozen=True, slots=True)
class Task:
    """Something else that waits for the partnership today, such as a number that must be checked again."""

    title: str
    words: str
    act: str


@dataclass(frozen=True, slots=True)
class Card:
    """One thing that needs a person today."""

    title: str
    words: str
    act: str
    schools: tuple[str, ...] = ()


def cards_of(shown: Disclosed, tasks: Sequence[Task]) -> list[Card]:
    """What needs a person today: the whole mailing, then schools, then other tasks."""
    cards = _stopped(shown)
    late = shown.standing(Standing.RETURN_MISSING)
    if late:
        title = f"{wording.count(len(late), 'school has', 'schools have')} not filed {_its(late)} return"
        words = f"{_of_children(shown, Reason.RETURN_MISSING)}Until it comes, all of them count as not reached."
        cards.append(Card(title, words, "Ring the school office", _names(late)))
    strange = shown.standing(Standing.RETURN_TO_LOOK_AT)
    if strange:
        title = f"{wording.count(len(strange), 'school has', 'schools have')} filed a return to look at"
        words = (
            "A number in it is unusual, and the school says that it is right. Until it is corrected, it counts."
        )
        cards.append(Card(title, words, "Ring the school office", _names(strange)))
    without = shown.standing(Standing.ROLL_MISSING)
    if without:
        title = f"{wording.count(len(without), 'school has', 'schools have')} not sent {_its(without)} roll"
        words = f"{_of_children(shown, Reason.NO_ROLL)}Until it comes, nothing can go to its families."
        cards.append(Card(title, words, "Ask the school for it", _names(without)))
    held = shown.standing(Standing.HELD)
    if held:
        title = f"{wording.count(len(held), 'school is', 'schools are')} held: {_its(held)} lead has not attested"
        words = "Nothing goes to them until the lead says that restrictions and leavers are right."
        cards.append(
            Card(
                title, f"{_of_children(shown, Reason.SCHOOL_HELD)}{words}", "Ring the school’s lead", _names(held)
            )
        )
    paused = shown.standing(Standing.PAUSED)
    if paused:
        title = f"{wording.count(len(paused), 'school is', 'schools are')} paused"
        words = "Nothing more goes to them until a person lets it go on."
        cards.append(Card(title, words, "Decide to let it go on", _names(paused)))
    return cards + [Card(task.title, task.words, task.act) for task in tasks]


def _stopped(shown: Disclosed) -> list[Card]:
    """The whole mailing is paused or withdrawn. That comes before everything else."""
    if shown.stopped == "paused":
        words = f"Nothing is sent until a person lets it go on. {shown.stopped_because}".strip()
        return [Card("The mailing is paused", words, "Decide to let it go on")]
    if shown.stopped == "withdrawn":
        words = "No more of it is sent. Letters that a carrier had before still count."
        return [Card("The letter is withdrawn", words, "Send a corrected letter")]
    return []


def _its(schools: Sequence[SchoolLine]) -> str:
    return "its" if len(schools) == 1 else "their"


def _of_children(shown: Disclosed, reason: Reason) -> str:
    line = shown.reason(reason)
    return f"{wording.sentence_case(str(line.figure))} children. " if line else ""


def _names(schools: Sequence[SchoolLine]) -> tuple[str, ...]:
    return tuple(
        f"{line.name}, about {line.about:,}" if line.about is not None else line.name for line in schools
    )
