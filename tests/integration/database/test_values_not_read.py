"""A word that nobody knows in a column about who may have the letter: the lead reads it once, for all who have it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.city import NOW, City
from tests.integration.database.test_eligibility import sql
from tests.integration.database.test_not_asked_yet import LEAD, URN, bring, word
from tests.integration.database.test_sending import values

pytestmark = [pytest.mark.database, pytest.mark.slow]

HEADER = "Admission number,Year group,Contact name,Relationship,PR,Email,Correspondence,Court order"
LATER = NOW + timedelta(minutes=1)


def export(letters: str = "P1", *, other: str = "P2", order: str = "", more: tuple[str, ...] = ()) -> bytes:
    """Four families: the mothers of three have one word, and the father of the first another."""
    rows = [
        ("1042", "4", "Dee Marsh", "Mother", "Yes", "dee@example.org", letters, order),
        ("1042", "4", "Karl Thorne", "Father", "Yes", "karl@example.org", other, ""),
        ("1043", "4", "Mo Reed", "Mother", "Yes", "mo@example.org", letters, ""),
        ("1044", "4", "Ada Vale", "Mother", "Yes", "ada@example.org", letters.lower(), ""),
        ("1045", "4", "Bea Lowe", "Mother", "Yes", "bea@example.org", "Yes", ""),
    ]
    return "\n".join([HEADER, *(",".join(row) for row in rows), *more]).encode()


def groups(city: City) -> dict[tuple[str, str], int]:
    """(heading, word) -> the number by which the group is asked for."""
    from everyfamily.people.actions.decided.notes import notes_not_read

    return {(one.where, one.words): one.note for one in notes_not_read(city.schools[URN], now=LATER)}


def read(city: City, *asked: tuple[str, str]) -> int:
    from everyfamily.people.actions.decided.notes import say_ordinary

    there = groups(city)
    return say_ordinary(city.schools[URN], [there[one] for one in asked], by=LEAD, now=LATER)


def held(city: City) -> dict[str, int]:
    rows = sql(city, "SELECT restriction || ' ' || restriction_reason, count(*) FROM people_care GROUP BY 1")
    return dict(rows)


def send(city: City) -> None:
    city.open()
    city.send(LATER)


def test_one_question_for_one_word_and_nobody_is_written_to_before_it_is_answered(city: City) -> None:
    city.school(URN)
    bring(city, export())
    word(city)
    assert held(city) == {"unknown value not read": 4, "none ": 1}
    assert set(groups(city)) == {("Correspondence", "P1"), ("Correspondence", "P2")}
    tasks = sql(city, "SELECT kind FROM people_rolltask WHERE closed_at IS NULL")
    assert tasks == [("restrictions not said",)], "no adult has a task of their own"
    send(city)
    assert values(city) == {"bea@example.org": 1}


def test_the_lead_reads_one_word_and_the_other_goes_on_waiting(city: City) -> None:
    city.school(URN)
    bring(city, export())
    # The father of the first child waits for another word, so the mother beside him waits too.
    assert read(city, ("Correspondence", "P1")) == 2
    word(city, LATER)
    send(city)
    assert values(city) == dict.fromkeys(("mo@example.org", "ada@example.org", "bea@example.org"), 1)
    assert read(city, ("Correspondence", "P2")) == 2
    assert groups(city) == {}


def test_the_next_file_does_not_ask_again_and_another_word_does(city: City) -> None:
    city.school(URN)
    bring(city, export())
    read(city, ("Correspondence", "P1"), ("Correspondence", "P2"))
    word(city, LATER)
    bring(city, export(), LATER)
    assert groups(city) == {}
    assert held(city) == {"none ": 5}
    bring(city, export(other="P3"), LATER)
    assert set(groups(city)) == {("Correspondence", "P3")}
    assert held(city) == {"none ": 4, "unknown value not read": 1}


def test_the_same_word_under_another_heading_is_another_question(city: City) -> None:
    city.school(URN)
    bring(city, export("Yes", other="Yes", order="P1"))
    assert set(groups(city)) == {("Court order", "P1")}
    read(city, ("Court order", "P1"))
    bring(city, export("P1", other="Yes", order="P1"), LATER)
    assert set(groups(city)) == {("Correspondence", "P1")}
    assert held(city)["unknown value not read"] == 3


@pytest.mark.parametrize("words", ["no contact", "non-mol order", "=A1"])
def test_words_that_close_and_formulas_are_decided_one_by_one(city: City, words: str) -> None:
    city.school(URN)
    bring(city, export("Yes", other=words))
    assert groups(city) == {}
    assert held(city)["unknown not readable"] == 1


def test_an_inbox_that_is_shared_with_such_an_adult_is_closed_until_the_lead_has_read(city: City) -> None:
    city.school(URN)
    bring(city, export("Yes", other="P2", more=("1046,4,Cy Moss,Mother,Yes,karl@example.org,Yes,",)))
    word(city)
    send(city)
    assert "karl@example.org" not in values(city)
    read(city, ("Correspondence", "P2"))
    word(city, LATER + timedelta(minutes=1))
    city.send(LATER + timedelta(minutes=2))
    assert values(city)["karl@example.org"] == 1


def test_somebody_of_the_same_name_waits_while_the_word_is_not_read(city: City) -> None:
    city.school(URN)
    bring(city, export("Yes", other="P2", more=("1046,4,Karl Thorne,Father,Yes,new@example.org,Yes,",)))
    assert held(city)["unknown doubt"] == 1


def test_reading_the_word_does_not_lift_a_note_beside_the_child(city: City) -> None:
    """And the note does not lift the word."""
    from tests.integration.database.test_notes_not_read import HEADER as WITH_NOTES

    city.school(URN)
    rows = [
        f"{WITH_NOTES},Correspondence",
        "1042,4,Dee Marsh,Mother,Yes,dee@example.org,Karl for everything,P1",
        "1042,4,Karl Thorne,Father,Yes,karl@example.org,,Yes",
        *(f"{at},4,Ann {name},Mother,Yes,{name}@example.org,,Yes" for at, name in enumerate("qrstuvw", 1050)),
    ]
    bring(city, "\n".join(rows).encode())
    assert read(city, ("Correspondence", "P1")) == 0
    assert held(city)["unknown note not read"] + held(city)["unknown value not read"] == 2
    assert len(groups(city)) == 1
    assert read(city, *groups(city)) == 2
