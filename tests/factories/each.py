"""Thousands of cases as a few tests: to collect and report a case took longer than to try it, in each process."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest

Test = Callable[..., None]


def each(names: str, cases: Iterable[Any]) -> Callable[[Test], Test]:
    """As `pytest.mark.parametrize`, but one test. It tries every case, then shows those that failed with their values.

    For quick cases that need nothing of their own: a fixture is made once, for all of them. Of more than 15 failures,
    Python shows the first 15.
    """
    of = names.replace(",", " ").split()
    every = [dict(zip(of, case if len(of) > 1 else (case,), strict=True)) for case in cases]

    def decorate(test: Test) -> Test:
        @functools.wraps(test)
        def of_each(**fixtures: Any) -> None:
            failed: list[BaseException] = []
            for case in every:
                try:
                    test(**case, **fixtures)
                except (Exception, pytest.fail.Exception) as error:
                    error.add_note(f"case: {case!r}")
                    failed.append(error)
            if failed:
                raise BaseExceptionGroup(f"{len(failed)} of {len(every)} cases failed", failed)

        asked = inspect.signature(test)
        fixtures = [one for name, one in asked.parameters.items() if name not in of]
        of_each.__signature__ = asked.replace(parameters=fixtures)  # type: ignore[attr-defined]
        return of_each

    return decorate
