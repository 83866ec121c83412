"""What a worker asks the database during one look at a school: it reads what cannot change meanwhile only once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from everyfamily.core.calendar.sending_days import Sending
from everyfamily.core.calendar.sending_window import sending_as_data
from tests.factories.city import NOW, City, adult
from tests.spec.test_sending_days import TERMS

pytestmark = [pytest.mark.database, pytest.mark.slow]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement of the block, in order."""
    from django.db import connection

    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(" ".join(str(sql).split()))
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield asked


def test_a_look_reads_the_school_and_its_days_once(city: City) -> None:
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.edges.tasks import look_at_school

    school = city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open(sending=sending_as_data(Sending(), TERMS))
    begin_wave(city.mailing, school, NOW)
    with statements() as asked:
        look_at_school(mailing_id=city.mailing, school_id=school)
    assert sum('FROM "people_formerurn"' in one for one in asked) == 1
    assert sum('FROM "mailings_mailingschool"' in one for one in asked) == 2, (
        "its days, and whether it may be sent"
    )
    # Each transaction says whose rows it is about, and each that reads people's values keeps the key as it is.
    assert (
        sum("set_config(%s, %s, true)" in one for one in asked),
        sum("pg_advisory" in one for one in asked),
    ) == (5, 4)
    assert len(asked) == 51, "one of them asks when each number was rung last"
