"""What keeps a mailing from being closed, and in which words: sending always, answers and people unless there is a
reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from everyfamily.core.errors import EveryfamilyError
from everyfamily.mailings.actions.ending.open_work import (
    JUST_BEGUN,
    MailingHasOpenWork,
    MailingStillWaits,
    MailingStillWorks,
    Work,
    require_done,
)

NOW = datetime(2027, 3, 22, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=10)
DONE = Work(sending=0, created=0, due=0, waves=0, waiting=0, quiet_until=None, last_wave_at=LONG_AGO)


def refusal(work: Work, *, withdrawn: bool = False, although: str = "") -> type[EveryfamilyError] | None:
    try:
        require_done(work, NOW, withdrawn=withdrawn, although=although)
    except EveryfamilyError as refused:
        return type(refused)
    return None


@pytest.mark.parametrize(
    ("left", "open_mailing", "with_a_reason", "withdrawn"),
    [
        ({}, None, None, None),
        ({"sending": 1}, MailingStillWorks, MailingStillWorks, MailingStillWorks),
        ({"created": 1}, MailingStillWorks, MailingStillWorks, None),
        ({"due": 1}, MailingStillWorks, MailingStillWorks, None),
        ({"waves": 1}, MailingStillWorks, MailingStillWorks, None),
        ({"waiting": 1, "quiet_until": NOW}, MailingStillWaits, None, MailingStillWaits),
        ({"held": [900001]}, MailingHasOpenWork, None, None),
        ({"no_roll": [900001]}, MailingHasOpenWork, None, None),
        ({"rolls": [900001]}, MailingHasOpenWork, None, None),
        ({"uncertain": [900001]}, MailingHasOpenWork, None, None),
        ({"undecided": 1}, MailingHasOpenWork, None, None),
        ({"other_tasks": 1}, MailingHasOpenWork, None, None),
        ({"last_wave_at": NOW - JUST_BEGUN + timedelta(seconds=1)}, MailingHasOpenWork, None, None),
        ({"last_wave_at": NOW - JUST_BEGUN}, None, None, None),
        ({"last_wave_at": None}, None, None, None),
    ],
)
def test_a_mailing_is_closed_when_nothing_is_left(
    left: dict[str, object],
    open_mailing: type[EveryfamilyError] | None,
    with_a_reason: type[EveryfamilyError] | None,
    withdrawn: type[EveryfamilyError] | None,
) -> None:
    work = replace(DONE, **left)
    assert refusal(work) is open_mailing
    assert refusal(work, although="the term is over") is with_a_reason
    assert refusal(work, withdrawn=True) is withdrawn


def test_what_waits_for_people_is_a_sentence() -> None:
    work = replace(
        DONE,
        held=[900001],
        no_roll=[900002, 900003],
        rolls=list(range(900010, 900022)),
        uncertain=list(range(900010, 900023)),
        undecided=1,
        other_tasks=2,
        last_wave_at=NOW - timedelta(days=1),
    )
    twelve = ", ".join(str(urn) for urn in range(900010, 900022))
    assert work.for_people(NOW) == [
        "1 school (900001) because the lead has not attested",
        "2 schools (900002, 900003) of which no roll came in",
        f"12 schools ({twelve}) whose roll waits for a person",
        f"13 schools ({twelve} and 1 more) where nobody has said what went",
        "1 decision on who may have the letter",
        "2 other tasks for a person",
        "the last wave began on 21 March 2027, less than three days ago",
    ]


def test_the_day_after_which_nothing_comes_is_londons() -> None:
    until = datetime(2027, 4, 1, 23, 30, tzinfo=UTC)
    with pytest.raises(
        MailingStillWaits, match="For 2 adults an answer or another try may come until 2 April 2027"
    ):
        require_done(replace(DONE, waiting=2, quiet_until=until), NOW, withdrawn=False, although="")
    with pytest.raises(MailingStillWaits, match="an unknown day"):
        require_done(replace(DONE, waiting=2), NOW, withdrawn=False, although="")
