"""What somebody gives to be checked in the browser."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from everyfamily.documents.reading import DocumentNotReadable
from everyfamily.staff.check import asked
from everyfamily.staff.check.asked import PASTED, GivenTwice, LetterTooLong, NothingGiven, given, shown_name
from tests.samples.old_council_letter import FOLDER


def _file(data: bytes, name: str = "letter.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_a_word_file_is_read_under_its_own_name() -> None:
    found = given(_file((FOLDER / "old-council-letter.docx").read_bytes(), "Letter to parents.docx"), "  ")
    assert (found.name, found.document.format, found.words) == ("“Letter to parents.docx”", "docx", "")


def test_pasted_words_are_kept_for_the_form_as_they_were() -> None:
    found = given(None, "Dear parent\r\n\r\nCall us.")
    assert (found.name, found.words) == (PASTED, "Dear parent\r\n\r\nCall us.")
    assert [block.text for block in found.document.blocks] == ["Dear parent", "Call us."]


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(NothingGiven):
        given(None, " \n ")


def test_a_file_and_words_are_refused() -> None:
    with pytest.raises(GivenTwice):
        given(_file(b"Dear parent"), "Dear carer")


def test_a_file_of_more_than_ten_megabytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "MOST_BYTES", 10)
    with pytest.raises(LetterTooLong, match=r"“letter.txt” has"):
        given(_file(b"Dear parent"), "")


@pytest.mark.parametrize("pasted", [True, False])
def test_more_words_than_a_letter_has_are_refused(pasted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "MOST_WORDS", 3)
    words = "one two three four"
    with pytest.raises(LetterTooLong, match="4 words"):
        given(None, words) if pasted else given(_file(words.encode()), "")


def test_a_file_that_cannot_be_read_is_named_in_the_sentence() -> None:
    with pytest.raises(DocumentNotReadable, match=r"“Letter \(final\).pdf”: "):
        given(_file(b"%PDF-1.7 and no more", "Letter (final).pdf"), "")


def test_a_file_with_a_long_name_is_read_by_its_ending() -> None:
    data = (FOLDER / "good-missing.html").read_bytes()
    found = given(_file(data, "Letter to every family about safety " * 4 + "final.html"), "")
    assert found.document.format == "html"
    assert found.name.endswith("final.html”")
    assert len(found.name) <= 82


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\Users\\Office\\Letter.docx", "Letter.docx"),
        ("../../etc/passwd", "passwd"),
        ("Letter\u202excod.exe", "Letterxcod.exe"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ("l" * 300 + ".txt", "l" * 40 + "…" + "l" * 35 + ".txt"),
        ("Letter %22final%22.docx", 'Letter "final".docx'),
        (None, ""),
    ],
)
def test_a_files_name_is_shown_without_what_could_mislead(name: str | None, shown: str) -> None:
    assert shown_name(name) == shown
