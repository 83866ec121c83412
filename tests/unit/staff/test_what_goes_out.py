"""What goes out, by version and language, from the names of a letter's files."""

from __future__ import annotations

from everyfamily.staff.letters.what_goes_out import in_languages, of_the_kit

ONE = [
    "README.txt",
    "en/letter.pdf",
    "en/gaps-open/letter.pdf",
    "en/email.txt",
    "en/staff-briefing.pdf",
    "ur/letter.pdf",
]


def test_english_comes_first_and_what_is_only_compared_goes_nowhere() -> None:
    english, urdu = in_languages(reversed(ONE))
    assert (english.language, [one.name for one in english.files]) == ("en", ["en/letter.pdf", "en/email.txt"])
    assert [one.name for one in english.beside] == ["en/staff-briefing.pdf"]
    assert (urdu.key, [one.name for one in urdu.files]) == ("ur", ["ur/letter.pdf"])
    assert [one.name for one in of_the_kit(ONE)] == ["README.txt"]


def test_a_letter_in_two_versions_shows_both_and_says_which_is_which() -> None:
    both = [*ONE, "primary/en/letter.pdf", "primary/README.txt", "secondary/README.txt"]
    found = in_languages(both)
    assert [one.key for one in found] == ["en", "ur", "primary/en"]
    assert [one.said.rpartition(", ")[2] for one in found] == ["secondary", "secondary", "primary"]
    assert found[2].language == "en"
    assert [one.name for one in of_the_kit(both)] == ["README.txt", "secondary/README.txt", "primary/README.txt"]
