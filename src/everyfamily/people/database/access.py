"""Whose rows this request may touch: a guard above row-level security, for processes that serve more than one person.

A command or a worker acts for the whole partnership. A web process serves whoever asks, so it starts with nothing, and
each page says for which schools it was opened. A page that checks the wrong thing then fails closed: `tenant()` refuses
a school that was not opened, and a vault opens only for a school whose people the page is about. It does not stop
injected SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Self

from everyfamily.core.errors import EveryfamilyError


class SchoolNotYours(EveryfamilyError):
    """A school that this request was not opened for."""

    code = "EF251"


class PeopleNotYours(EveryfamilyError):
    """A school's people, for a request that is about no people of that school."""

    code = "EF252"


@dataclass(frozen=True, slots=True)
class Access:
    """What may be touched: `schools` by their process rows, `people` of schools by their vaults, and whether reads
    `across` schools are allowed. None means every school."""

    schools: frozenset[int] | None
    people: frozenset[int] | None
    across: bool

    @classmethod
    def everything(cls) -> Self:
        """A command, a worker, or a carrier that reports about anybody's message."""
        return cls(None, None, across=True)

    @classmethod
    def nothing(cls) -> Self:
        """A request that nobody has looked at yet."""
        return cls(frozenset(), frozenset(), across=False)

    @classmethod
    def partnership(cls) -> Self:
        """The process of every school, and nobody's people."""
        return cls(None, frozenset(), across=True)

    @classmethod
    def school(cls, school_id: int, *, with_people: bool) -> Self:
        """One school, and its people or not."""
        one = frozenset({school_id})
        return cls(one, one if with_people else frozenset(), across=False)


_opened: ContextVar[Access | None] = ContextVar("access", default=None)
_unless_opened: list[Access] = [Access.everything()]


def nothing_unless_opened() -> None:
    """From now on, this process may touch nothing before somebody opens it. For a process that serves pages."""
    _unless_opened[:] = [Access.nothing()]


@contextmanager
def opened(access: Access) -> Iterator[None]:
    """Within this block, what may be touched is `access`."""
    before = _opened.set(access)
    try:
        yield
    finally:
        _opened.reset(before)


def require_school(school_id: int) -> None:
    """Raise SchoolNotYours unless the school may be touched."""
    schools = _access().schools
    if schools is not None and school_id not in schools:
        raise SchoolNotYours("This page is not about that school.", "Open it from your own school's page.")


def require_people(school_id: int) -> None:
    """Raise PeopleNotYours unless the vault of the school may be opened."""
    people = _access().people
    if people is not None and school_id not in people:
        raise PeopleNotYours(
            "This page is not about that school's people.", "Open it from the school's own page."
        )


def require_across() -> None:
    """Raise SchoolNotYours unless reads across schools are allowed."""
    if not _access().across:
        raise SchoolNotYours("This page is about one school.", "Open it from the partnership's pages.")


def _access() -> Access:
    return _opened.get() or _unless_opened[0]
