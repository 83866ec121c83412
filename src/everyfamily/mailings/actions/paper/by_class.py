"""What a school says on its own pages about the copies of one letter: whole classes, single children, or all binned.

A page gives back what it had shown (`seen`). If that is no longer so, nothing is recorded, because the word was about
other copies. A word that was given already, by the same button pressed twice, changes nothing and is no fault.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import AttemptStatus, moves_forward
from everyfamily.mailings.actions.paper.hand_outs import Recorded, record_hand_outs
from everyfamily.mailings.messages.hand_out_lists import HANDED_OVER, NOT_HANDED_OVER, Word
from everyfamily.mailings.queries.hand_outs import WAITING, Copy, copies_of
from everyfamily.mailings.queries.paper import of_the_class, seen_of
from everyfamily.people.database.tenancy import tenant


class PaperChanged(EveryfamilyError):
    """What waits at the school is not what the page had shown."""

    code = "EF637"


class NotThisWay(EveryfamilyError):
    """Copies of a withdrawn letter are not handed out, and those of another are not binned."""

    code = "EF638"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter at one school."""

    school: int
    mailing: int
    is_withdrawn: bool


def record_classes(letter: Letter, seen: Mapping[int, str], *, on: date, by: Actor, now: datetime) -> Recorded:
    """All copies of these classes were handed out, except those that must be kept back. `seen` is what the page had
    shown of each class, by the row number of a child in it.

    Raises PaperChanged, DayCannotBe and NotThisWay, and then nothing is recorded.
    """
    if letter.is_withdrawn:
        raise NotThisWay(
            "This letter was withdrawn: its copies are not to be handed out.",
            "Say which were handed out before, and bin the rest.",
        )
    words: list[Word] = []
    for child, shown in seen.items():
        of_class = of_the_class(_copies(letter), child)
        if not of_class:
            # No page of this school has shown such a class.
            raise _changed()
        waiting = [copy for copy in of_class if copy.status in WAITING]
        if waiting and seen_of(waiting) != shown:
            raise _changed()
        words += [_word(copy, HANDED_OVER if copy.may_go_home else NOT_HANDED_OVER, on) for copy in waiting]
    return record_hand_outs(letter.school, words, by=by, now=now)


def record_children(
    letter: Letter,
    said: Mapping[int, AttemptStatus],
    seen: str,
    shown: Sequence[int],
    *,
    on: date,
    by: Actor,
    now: datetime,
) -> Recorded:
    """What the school says about single copies, by the children's row numbers. `seen` is what the page had shown of
    the children `shown`. Raises PaperChanged and DayCannotBe, and then nothing is recorded."""
    copies = {copy.pupil: copy for copy in _copies(letter)}
    if not said.keys() <= copies.keys():
        raise _changed()
    words = [_word(copies[child], status, on) for child, status in said.items()]
    new = any(moves_forward(AttemptStatus(copies[child].status), status) for child, status in said.items())
    if new and seen_of(copies[child] for child in shown if child in copies) != seen:
        raise _changed()
    return record_hand_outs(letter.school, words, by=by, now=now)


def record_binned(letter: Letter, seen: str, *, by: Actor, now: datetime) -> Recorded:
    """Every copy of a withdrawn letter that the school had not handed out is in the bin. Raises PaperChanged and
    NotThisWay."""
    if not letter.is_withdrawn:
        raise NotThisWay("This letter was not withdrawn.", "Hand its copies out, and say which.")
    waiting = [copy for copy in _copies(letter) if copy.status in WAITING]
    if waiting and seen_of(waiting) != seen:
        raise _changed()
    return record_hand_outs(
        letter.school, [_word(copy, NOT_HANDED_OVER, None) for copy in waiting], by=by, now=now
    )


def _copies(letter: Letter) -> list[Copy]:
    with tenant(letter.school):
        return copies_of(letter.school, mailing=letter.mailing)


def _word(copy: Copy, status: AttemptStatus, on: date | None) -> Word:
    return Word(0, copy.reference, status, on if status is HANDED_OVER else None)


def _changed() -> PaperChanged:
    return PaperChanged(
        "What waits has changed since you opened this page, so nothing was recorded.",
        "Look at it again, and say it for what is here now.",
    )
