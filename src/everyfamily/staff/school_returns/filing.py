"""One form for a return, with two doors: the link in the school's mailbox, and signing in."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict

from everyfamily.core.accounting.returns import LINES, Filing, read_return
from everyfamily.core.text.row_numbers import row_number
from everyfamily.mailings.actions.returns.returns import Answer
from everyfamily.mailings.queries.returns import FiledReturn, filed_returns
from everyfamily.mailings.queries.school_letters import not_sent_at
from everyfamily.people.database.tenancy import tenant
from everyfamily.staff.pages import (
    Door,
    Typed,
    filed_values,
    form_values,
    frame,
    problems_of,
    questions_of,
    typed_of,
)

_LONGEST = 40
_SPACES = "\u00a0\u202f\t"
"""Spaces that people paste between thousands. Python counts them as not printable."""

type File = Callable[[Filing, Collection[str], int], Answer]
"""Files a return: with the questions that were answered, and the filing that the page had shown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The form, to be shown again."""

    values: dict[str, object]
    status: int


def form_page(door: Door) -> dict[str, object]:
    """The form when it opens: empty, or with what was filed last."""
    told = _told(door)
    return _values(door, form_values(typed_of(told.last)), told)


def filed_page(door: Door) -> dict[str, object] | None:
    """What counts now. None if nothing was filed."""
    told = _told(door)
    if told.last is None:
        return None
    return {**frame(door, told.not_sent_at), **filed_values(told.last, told.filed, door)}


def take_in(form: QueryDict, door: Door, file: File) -> Shown | None:
    """File what was sent. None if it counts now; otherwise the form, with what to put right or to answer first."""
    typed = typed_in(form)
    reading = read_return(typed.lines, emails=typed.emails, reasons=typed.reasons)
    if reading.filing is None:
        return Shown(_values(door, problems_of(reading, typed), _told(door)), 422)
    answer = file(
        reading.filing,
        form.get("answer", "").split("|"),
        row_number(form.get("seen", "")),
    )
    if answer.filed:
        return None
    values = form_values(typed) | questions_of(answer.asked)
    overtaken = answer.overtaken_by is not None
    return Shown(_values(door, values, _told(door), overtaken=overtaken), 409 if overtaken else 200)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the school has said of one letter."""

    filed: list[FiledReturn]
    """Newest first."""
    not_sent_at: datetime | None

    @property
    def last(self) -> FiledReturn | None:
        return self.filed[0] if self.filed else None


def _told(door: Door) -> _Told:
    with tenant(door.school_id):
        filed = filed_returns(door.school_id, door.mailing_id)
        return _Told(filed, not_sent_at(door.mailing_id, door.school_id))


def _values(door: Door, values: dict[str, object], told: _Told, *, overtaken: bool = False) -> dict[str, object]:
    last = filed_values(told.last, told.filed, door) if told.last else None
    seen = told.last.id if told.last else 0
    return {**frame(door, told.not_sent_at), **values, "last": last, "seen": seen, "overtaken": overtaken}


def typed_in(form: QueryDict) -> Typed:
    """What was sent, cut to the length that a number can have, without characters that no page may show."""
    return Typed(
        {name: _plain(form.get(name, "")) for name in LINES},
        form.get("emails", ""),
        frozenset(form.getlist("reasons")),
    )


def _plain(text: str) -> str:
    return "".join(sign if sign.isprintable() or sign in _SPACES else "\ufffd" for sign in text[: _LONGEST + 1])
