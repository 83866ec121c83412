"""A draft as emails to the person who asks for it: each says that it is one, and what is not there is said."""

from __future__ import annotations

from dataclasses import replace

from everyfamily.accounts.desk.draft_emails import draft_emails
from everyfamily.core.letter.draft_ways import Way, ways_of
from tests.factories.demonstration import DATED, demo_letter, demo_pack


def test_the_email_comes_as_families_get_it_and_the_rest_as_words() -> None:
    made = draft_emails(
        demo_letter(), [Way.EMAIL, Way.TEXT, Way.NEWSLETTER], ["en", "xx"], DATED, with_files=True
    )
    as_families, rest = made.emails
    assert all(one.subject.startswith("DRAFT, not approved") for one in made.emails)
    assert all(one.text.startswith("DRAFT, not approved.") for one in made.emails)
    assert as_families.html is not None
    assert rest.html is None
    assert "The text message in English" in rest.text
    assert "It is 2 texts, from Eastmere." in rest.text
    assert "The newsletter item in English" in rest.text
    assert made.left_out == []


def test_a_carrier_without_files_has_the_ways_on_paper_left_out_and_said() -> None:
    made = draft_emails(demo_letter(), [Way.PRINT, Way.TEXT], ["en"], DATED, with_files=False)
    (rest,) = made.emails
    assert rest.files == ()
    ((way, language, why),) = made.left_out
    assert (way, language) == (Way.PRINT, "en")
    assert "cannot have files with them" in why


def test_a_language_with_only_the_small_set_comes_on_paper_and_as_a_text() -> None:
    letter = replace(demo_letter(), short={"pl": demo_pack().short["en"]})
    assert ways_of(letter) == tuple(Way)
    assert ways_of(letter, "pl") == (Way.PRINT, Way.TEXT)
    assert ways_of(letter, "xx") == ()
