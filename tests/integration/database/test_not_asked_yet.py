"""A column that asks: anything in it holds the child's adults until a person has said what it means. No word for the
whole roll lifts that."""

from __future__ import annotations

from datetime import timedelta

import pytest

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City
from tests.integration.database.test_eligibility import sql
from tests.integration.database.test_sending import values

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
LEAD = Actor.typed("Una Marsh")
HEADER = "Admission number,Year group,Contact name,Relationship,Parental responsibility,Email"
HEADINGS = (
    "Access",
    "Contact permitted",
    "Who must not be contacted",
    "Banned from site",
    "Entitled to information",
)
ANSWERED = NOW + timedelta(minutes=1)


def export(heading: str, cell: str, *, beside: str) -> bytes:
    """Two families, with something in the column beside one adult of the first."""
    rows = [
        ("1042", "4", "Dee Marsh", "Mother", "Yes", "dee@example.org", cell if beside == "her" else ""),
        ("1042", "4", "Karl Thorne", "Father", "Yes", "karl@example.org", cell if beside == "him" else ""),
        ("1043", "4", "Mo Reed", "Mother", "Yes", "mo@example.org", ""),
    ]
    return "\n".join([f"{HEADER},{heading}", *(",".join(row) for row in rows)]).encode()


WITHOUT = b"\n".join(line.rpartition(b",")[0] for line in export("x", "", beside="him").splitlines())
"""The same export without the column."""


def bring(city: City, data: bytes, now: object = NOW) -> None:
    from everyfamily.people.edges.roll_imports import import_roll

    file = city.folder / "export.csv"
    file.write_bytes(data)
    import_roll(file, urn=URN, by=Actor.typed("office"), now=now)  # type: ignore[arg-type]


def answer(city: City, *, closes: bool) -> None:
    """The lead says what the column means, once, for this export. That it keeps nobody away, an office cannot say."""
    from everyfamily.core.rolls.layout.questions import answers_of
    from everyfamily.people.actions.decided.restrictions import ReviewerNotNamed
    from everyfamily.people.edges.roll_imports import answer_questions, open_questions

    layout, questions = open_questions(city.folder / "export.csv", urn=URN)
    assert len(questions) == 1
    answers = answers_of(questions[0], [0] if closes else [])
    if not closes:
        with pytest.raises(ReviewerNotNamed, match="Only the school’s lead"):
            answer_questions(layout, questions, answers, urn=URN, by=Actor.typed("office"), now=ANSWERED)
    answer_questions(layout, questions, answers, urn=URN, by=LEAD, now=ANSWERED)


def word(city: City, now: object = NOW) -> None:
    from everyfamily.people.actions.attesting import attest

    attest(city.schools[URN], restrictions=True, parents=True, by=LEAD, now=now)  # type: ignore[arg-type]


@pytest.mark.parametrize("beside", ["him", "her"])
@pytest.mark.parametrize("heading", HEADINGS)
def test_the_word_for_the_whole_roll_lifts_nobody_whom_a_column_asks_about(
    city: City, heading: str, beside: str
) -> None:
    city.school(URN)
    bring(city, export(heading, "Karl Thorne" if "who" in heading.casefold() else "N", beside=beside))
    word(city)
    city.open()
    city.send()
    assert values(city) == {"mo@example.org": 1}


def test_the_answer_lifts_and_the_next_word_covers_it(city: City) -> None:
    city.school(URN)
    data = export("Banned from site", "12/05/2024 note", beside="him")
    bring(city, data)
    word(city)
    city.open()
    answer(city, closes=False)
    bring(city, data, ANSWERED)
    city.send(ANSWERED)
    assert values(city) == {"mo@example.org": 1}, "what a file opens waits for another word"
    word(city, ANSWERED)
    city.send(ANSWERED)
    assert values(city) == {"dee@example.org": 1, "karl@example.org": 1, "mo@example.org": 1}


def test_the_answer_that_it_closes_holds_him_and_opens_her(city: City) -> None:
    city.school(URN)
    data = export("Banned from site", "Karl", beside="him")
    bring(city, data)
    answer(city, closes=True)
    bring(city, data, ANSWERED)
    word(city, ANSWERED)
    city.open()
    city.send(ANSWERED)
    assert values(city) == {"dee@example.org": 1, "mo@example.org": 1}


def test_another_export_without_the_column_frees_nobody(city: City) -> None:
    city.school(URN)
    bring(city, export("Banned from site", "Karl", beside="him"))
    bring(city, WITHOUT, ANSWERED)
    word(city, ANSWERED)
    city.open()
    city.send(ANSWERED)
    assert values(city) == {"mo@example.org": 1}


def test_what_stands_in_a_new_column_closes_a_link_that_the_word_had_opened(city: City) -> None:
    city.school(URN)
    bring(city, WITHOUT)
    word(city)
    assert sql(city, "SELECT count(*) FROM people_care WHERE restriction = 'none'") == [(3,)]
    bring(city, export("Banned from site", "Karl", beside="her"), ANSWERED)
    city.open()
    city.send(ANSWERED)
    assert values(city) == {"mo@example.org": 1}
