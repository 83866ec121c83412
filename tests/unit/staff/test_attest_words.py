"""What a lead is told about their word and the wave that it is for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.schools.school_words import SchoolPart
from everyfamily.staff.attest.forms import NOT_SAID, Attesting, attesting_of, reason_of
from everyfamily.staff.attest.words import after_word, moved, too_early, what_waits
from tests.factories.each import each

NOW = datetime(2027, 3, 8, 16, 18, tzinfo=LONDON)
DAY = timedelta(hours=24)
WAVE = datetime(2027, 3, 9, 9, tzinfo=LONDON)
PART = SchoolPart(1, "spring-2027", "open", "planned", WAVE, is_paused=False, returns_due_on=None)


@each(
    "part, said",
    [
        (PART, "We write to the families of your 463 children tomorrow, Tuesday 9 March, from 9am."),
        (
            replace(PART, state="held"),
            "The spring letter to the families of your 463 children waits for your word. It goes out as soon as you "
            "give it.",
        ),
        (
            replace(PART, is_paused=True),
            "The spring letter is paused. Nothing goes out to the families of your 463 children until a person lets it "
            "go on.",
        ),
        (
            replace(PART, state="sending"),
            "The spring letter has begun to go out to the families of your 463 children.",
        ),
        (None, "No letter has a day yet. Your word counts for what goes out within 24 hours of it."),
    ],
)
def test_the_page_says_what_the_word_is_for(part: SchoolPart | None, said: str) -> None:
    assert what_waits(part, 463, NOW) == said


def test_a_word_is_too_early_only_if_it_ends_before_the_wave() -> None:
    assert too_early(PART, NOW, DAY) == ""
    assert too_early(replace(PART, wave_at=NOW + DAY), NOW, DAY) == ""
    assert "Give it from Monday 8 March, 4:19pm" in too_early(
        replace(PART, wave_at=NOW + DAY + timedelta(minutes=1)), NOW, DAY
    )
    for part in (None, replace(PART, state="sending"), replace(PART, is_paused=True)):
        assert too_early(part, NOW, DAY) == ""


@each(
    "part, said_at, begins",
    [
        (
            PART,
            NOW,
            "Your families’ letters go out tomorrow, Tuesday 9 March, from 9am. You need not do anything",
        ),
        (
            PART,
            WAVE - DAY - timedelta(minutes=1),
            "Your letters go out on Tuesday 9 March, 9am. This word has ended",
        ),
        (replace(PART, wave_at=NOW), NOW, "Your families’ letters go out now."),
        (replace(PART, state="sending"), NOW, "Your letters have begun to go out."),
        (replace(PART, mailing_state="paused"), NOW, "Sending is paused."),
        (None, NOW, "No letter has a day yet."),
    ],
)
def test_afterwards_it_says_what_happens_next(part: SchoolPart | None, said_at: datetime, begins: str) -> None:
    assert after_word(part, said_at, NOW, DAY).startswith(begins)


def test_it_says_how_many_adults_wait_more_or_fewer() -> None:
    assert moved(0, 1) == "1 more decision waits for you now."
    assert moved(3, 1) == "2 fewer decisions wait for you now."
    assert moved(1, 1) == ""


def test_a_form_is_read_without_trusting_it() -> None:
    assert attesting_of({}) == Attesting()
    assert attesting_of({"roll": "on", "seen": "٣", "word": "-1", "trail": "9" * 16, "waited": "2"}) == Attesting(
        waited=2
    )
    assert attesting_of({"roll": "yes", "parents": "yes", "seen": "7"}) == Attesting(
        roll=True, parents=True, seen=7
    )


def test_a_reason_is_never_what_somebody_typed() -> None:
    assert reason_of({"why": "Ana Ferris"}) == NOT_SAID
    assert reason_of({"why": "roll"}) == "Our roll is not right yet"
