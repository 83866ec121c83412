"""Whether everything that a test did about who may come in is explained by an act, as `audit-check` sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


def came_past() -> list[str]:
    """What `audit-check` names beside broken chains."""
    from everyfamily.reports.audit_chains import past_the_product

    return list(past_the_product(datetime.fromtimestamp(0, UTC)))


@contextmanager
def only_acts() -> Iterator[None]:
    """Fail if somebody wrote who may come in without an act of the product."""
    yield
    assert came_past() == []
