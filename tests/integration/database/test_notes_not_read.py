"""A note that nobody knows holds the child's adults until the lead has read it; the words go with that."""

from __future__ import annotations

from datetime import timedelta

import pytest

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City
from tests.integration.database.test_eligibility import sql
from tests.integration.database.test_not_asked_yet import LEAD, URN, bring, word
from tests.integration.database.test_sending import values

pytestmark = [pytest.mark.database, pytest.mark.slow]

HEADER = "Admission number,Year group,Contact name,Relationship,Parental responsibility,Email,Notes"
UNKNOWN, LATER = "Karl for everything", NOW + timedelta(minutes=1)


def export(note: str, *, other: str = "works nights", third: str = "") -> bytes:
    """Three families, each with a note."""
    rows = [
        ("1042", "4", "Dee Marsh", "Mother", "Yes", "dee@example.org", note),
        ("1042", "4", "Karl Thorne", "Father", "Yes", "karl@example.org", ""),
        ("1043", "4", "Mo Reed", "Mother", "Yes", "mo@example.org", other),
        ("1044", "4", "Ada Vale", "Mother", "Yes", "ada@example.org", third),
    ]
    return "\n".join([HEADER, *(",".join(row) for row in rows)]).encode()


def waiting(city: City) -> list[tuple[str, int]]:
    from everyfamily.people.actions.decided.notes import notes_not_read

    return [(one.words, one.children) for one in notes_not_read(city.schools[URN], now=LATER)]


def read_all(city: City) -> int:
    from everyfamily.people.actions.decided.notes import notes_not_read, say_ordinary

    groups = notes_not_read(city.schools[URN], now=LATER)
    return say_ordinary(city.schools[URN], [one.note for one in groups], by=LEAD, now=LATER)


def test_a_note_that_nobody_knows_waits_for_the_lead(city: City) -> None:
    city.school(URN)
    bring(city, export(UNKNOWN, third=UNKNOWN.upper()))
    word(city)
    city.open()
    city.send()
    assert values(city) == {"mo@example.org": 1}
    # The same words are one group, however they are written.
    assert waiting(city) == [(UNKNOWN, 2)]
    assert read_all(city) == 3
    city.send(LATER)
    # Read is not vouched for: the word on restrictions comes after it.
    assert values(city) == {"mo@example.org": 1}
    word(city, LATER)
    city.send(LATER)
    assert values(city) == dict.fromkeys(
        ("mo@example.org", "dee@example.org", "karl@example.org", "ada@example.org"), 1
    )


def test_what_was_read_is_not_asked_again_and_its_words_are_gone(city: City) -> None:
    city.school(URN)
    bring(city, export(UNKNOWN))
    read_all(city)
    bring(city, export(UNKNOWN, third=f"{UNKNOWN}!"), LATER)
    assert waiting(city) == []
    assert sql(city, "SELECT count(*) FROM people_care WHERE restriction_reason = 'note not read'") == [(0,)]
    assert sql(city, "SELECT DISTINCT content IS NULL FROM people_rollnote") == [(True,)]


def test_a_new_note_closes_again_whom_the_word_had_opened(city: City) -> None:
    city.school(URN)
    bring(city, export(""))
    word(city)
    bring(city, export("ask Karl about the weekend"), LATER)
    word(city, LATER)
    city.open()
    city.send(LATER)
    assert values(city) == {"mo@example.org": 1, "ada@example.org": 1}


def test_only_a_named_person_reads_and_only_what_waits(city: City) -> None:
    from everyfamily.people.actions.decided.notes import NoteNotThere, notes_not_read, say_ordinary
    from everyfamily.people.actions.decided.restrictions import ReviewerNotNamed

    city.school(URN)
    bring(city, export(UNKNOWN))
    [group] = notes_not_read(city.schools[URN], now=NOW)
    with pytest.raises(ReviewerNotNamed):
        say_ordinary(city.schools[URN], [group.note], by=Actor.typed("office"), now=NOW)
    with pytest.raises(NoteNotThere):
        say_ordinary(city.schools[URN], [group.note + 10_000], by=LEAD, now=NOW)
    assert waiting(city) == [(UNKNOWN, 1)]


def test_words_that_close_are_shown_with_the_decision_and_go_with_it(city: City) -> None:
    from everyfamily.people.actions.decided.link_page import open_link
    from everyfamily.people.actions.decided.restrictions import review_restriction

    city.school(URN)
    bring(city, export("", other="Do not contact"))
    [(link,)] = sql(city, "SELECT id FROM people_care WHERE restriction_reason = 'not readable'")
    found = open_link(city.schools[URN], link, now=NOW)
    assert found is not None
    assert [words for _, words in found.notes] == ["Do not contact"]
    review_restriction(city.schools[URN], link=link, decision="none", by=LEAD, now=LATER)
    assert sql(city, "SELECT count(*) FROM people_rollnote") == [(0,)]


def test_a_purge_takes_the_words_and_the_adult_stays_closed(city: City) -> None:
    from everyfamily.core.sending.keeping import PurgeReason
    from everyfamily.people.actions.keeping.purging import purge_school

    city.school(URN)
    bring(city, export(UNKNOWN))
    purge_school(city.schools[URN], reason=PurgeReason.ASKED, by=LEAD, now=LATER)
    assert sql(city, "SELECT count(*) FROM people_rollnote") == [(0,)]
    word(city, LATER)
    held = sql(city, "SELECT count(*) FROM people_care WHERE restriction_reason = 'note not read'")
    assert held == [(2,)]


def test_a_doubt_about_the_name_outlives_the_reading_of_the_note(city: City) -> None:
    """While a note waits, the lead closes somebody of the same name elsewhere. Reading the note opens nobody."""
    from everyfamily.people.actions.decided.restrictions import review_restriction

    city.school(URN)
    namesake = "1045,4,Karl Thorne,Father,Yes,other@example.org,"
    bring(city, export(UNKNOWN) + f"\n{namesake}".encode())
    [(link,)] = sql(
        city,
        "SELECT c.id FROM people_care c WHERE restriction_reason = 'not said' AND c.parent_id IN "
        "(SELECT parent_id FROM people_care GROUP BY 1 HAVING count(*) = 1) ORDER BY c.id DESC LIMIT 1",
    )
    review_restriction(city.schools[URN], link=link, decision="do not send", by=LEAD, now=NOW)
    assert sql(city, "SELECT count(*) FROM people_care WHERE restriction_reason = 'doubt'") == [(1,)]
    read_all(city)
    word(city, LATER)
    city.open()
    city.send(LATER)
    assert values(city) == dict.fromkeys(("mo@example.org", "dee@example.org", "ada@example.org"), 1)
