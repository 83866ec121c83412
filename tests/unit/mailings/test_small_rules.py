"""Rules of one line each: a word from before a restore, what nobody knows, what a letter follows, school days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from everyfamily.core.calendar.academic_year import Term
from everyfamily.core.calendar.sending_days import SchoolCalendar
from everyfamily.core.next_steps import Next
from everyfamily.mailings.actions.planning import opened_steps, opening
from everyfamily.mailings.actions.planning.opening import FollowsOtherwise, OpenMailing
from everyfamily.mailings.actions.planning.planning import _is_before_restore
from everyfamily.mailings.actions.restoring.after_restore import may_have_begun
from everyfamily.mailings.models import Mailing
from everyfamily.people import school_days

NOW = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("attested_at", "restored_at", "before"),
    [
        (NOW, None, False),
        (None, None, False),
        (None, NOW, True),
        (NOW - SECOND, NOW, True),
        (NOW, NOW, True),
        (NOW + SECOND, NOW, False),
    ],
)
def test_a_word_from_before_the_restore_counts_no_more(
    attested_at: datetime | None, restored_at: datetime | None, before: bool
) -> None:
    assert _is_before_restore(attested_at, Mailing(restored_at=restored_at)) is before


@pytest.mark.parametrize(
    ("state", "due_in", "expected"),
    [
        ("planned", SECOND, False),
        ("planned", timedelta(0), True),
        ("planned", -SECOND, True),
        ("sending", SECOND, True),
        ("held", SECOND, True),
        ("stopped", SECOND, False),
    ],
)
def test_a_wave_may_have_begun_in_the_lost_time_if_it_was_due(
    state: str, due_in: timedelta, expected: bool
) -> None:
    assert may_have_begun(state, NOW + due_in, NOW) is expected


def test_whoever_opens_a_mailing_is_told_what_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [SimpleNamespace(uncertain=2), SimpleNamespace(uncertain=3)]
    monkeypatch.setattr(opened_steps, "uncertain_mailings", lambda: [("ES-2609-A1B2", 1), ("ES-2703-K7R4", 2)])
    monkeypatch.setattr(opened_steps, "count_uncertain", lambda mailing: rows if mailing == 1 else [])
    said = list(opened_steps.uncertain_steps("ES-2703-K7R4", OpenMailing(2, 1, 0, 1)))
    assert [(one.next, one.values) for one in said] == [
        (Next.SAY_WHAT_WENT, {"reference": "ES-2703-K7R4"}),
        (Next.SAY_WHAT_WENT, {"reference": "ES-2609-A1B2"}),
    ]
    assert "may have gone already at 1 school." in said[0].sentence
    assert said[1].sentence.startswith("Of ES-2609-A1B2 nobody knows whether it went to 5 adults at 2 schools.")
    assert len(list(opened_steps.uncertain_steps("ES-2703-K7R4", OpenMailing(2, 1, 0, 0)))) == 1


@pytest.mark.parametrize("kind", ["correction", "replacement"])
def test_a_letter_that_says_what_it_follows_is_sent_as_that(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    says = SimpleNamespace(kind=kind, reference="ES-2609-A1B2")
    other = {"correction": "replacement", "replacement": "correction"}[kind]
    references = {1: "ES-2609-A1B2", 2: "ES-2701-X9Y8"}

    class Rows:
        def get(self, pk: int) -> str:
            return references[pk]

    monkeypatch.setattr(
        opening, "Mailing", SimpleNamespace(objects=SimpleNamespace(values_list=lambda *a, **k: Rows()))
    )
    check = opening._check_follows
    check(None, None)
    check(says, opening.Follows(1, kind))
    for follows in (None, opening.Follows(2, kind), opening.Follows(1, other)):
        with pytest.raises(FollowsOtherwise, match=kind[:7].rstrip("e")):
            check(says, follows)


SPRING = Term("spring", date(2027, 1, 4), date(2027, 3, 25), date(2027, 2, 15), date(2027, 2, 19))
CALENDAR = SchoolCalendar((SPRING,), frozenset({date(2027, 3, 26), date(2027, 3, 29)}))


@pytest.mark.parametrize(
    ("day", "with_terms", "without"),
    [
        (date(2027, 2, 16), False, True),
        (date(2027, 2, 23), True, True),
        (date(2027, 2, 20), False, False),
        (date(2027, 1, 4), True, True),
        (date(2027, 3, 25), True, True),
        (date(2027, 3, 26), False, False),
        (date(2027, 4, 6), True, True),
        (date(2026, 12, 29), True, True),
    ],
)
def test_a_day_has_school_by_the_terms_and_outside_of_them_if_it_is_a_working_day(
    day: date, with_terms: bool, without: bool
) -> None:
    assert school_days.has_school(CALENDAR)(day) is with_terms
    assert school_days.has_school(None)(day) is without


def test_a_task_is_due_on_a_school_day_and_what_cannot_wait_on_a_working_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    friday = datetime(2027, 2, 12, 23, 30, tzinfo=UTC)
    assert school_days.school_due(friday, 1, CALENDAR) == date(2027, 2, 22)
    assert school_days.working_due(friday, 1) == date(2027, 2, 15)
    assert school_days.working_due(friday, 0) == date(2027, 2, 12)
    monkeypatch.setattr(school_days, "area_calendar", lambda: CALENDAR)
    assert school_days.school_due(friday, 1) == date(2027, 2, 22)

    def unreadable() -> None:
        raise OSError

    monkeypatch.setattr(school_days, "area_calendar", unreadable)
    assert school_days.school_due(friday, 1) == date(2027, 2, 15)
