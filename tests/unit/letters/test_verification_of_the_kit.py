"""What can be said of a kit file that was changed, and of a family's own copy in large print."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.documents.compared.letter_files import UnreadableLetterFile
from everyfamily.letters.files.record import letter_of
from everyfamily.letters.files.verification import Proof, Verdict
from everyfamily.rendering.briefing import render_briefing
from everyfamily.rendering.large_print import render_large_print, render_large_print_bundle
from everyfamily.rendering.press_lines import render_press_lines
from tests.factories.city import sealed_letter
from tests.factories.demonstration import HARBOUR
from tests.unit.letters.conftest import Published

Verify = Callable[[str, bytes | str], Verdict]
LONG_SCHOOL = "The Saint Bartholomew and All Angels Academy of Eastmere"
COPIES = {
    "a family": HARBOUR,
    "seven lines": PersonalGaps(
        tuple(f"{number} Lantern Row" for number in range(7)), LONG_SCHOOL, "0151 496 0160"
    ),
    "no checked number": replace(HARBOUR, school=LONG_SCHOOL, school_number=None),
    "no school": replace(HARBOUR, school=None, school_number=None),
}


def other_letter(old: str, new: str) -> Letter:
    """The letter with other words, as a forger who has our program would set it."""
    record = json.dumps(sealed_letter()[0].record["letter"])
    assert old in record
    return letter_of({"letter": json.loads(record.replace(old, new))})


@pytest.mark.slow
@pytest.mark.parametrize("name", list(COPIES))
def test_a_personal_copy_in_large_print_has_the_sealed_words(
    published: Published, verdict: Verify, name: str
) -> None:
    said = verdict("letter.pdf", render_large_print(published.letter, "en", COPIES[name]))
    assert said.proof is Proof.SEALED_WORDS, said


@pytest.mark.slow
def test_a_bundle_in_large_print_has_the_sealed_words(published: Published, verdict: Verify) -> None:
    copies = [
        replace(gaps, school=HARBOUR.school, school_number=HARBOUR.school_number) for gaps in COPIES.values()
    ]
    said = verdict("bundle.pdf", render_large_print_bundle(published.letter, "en", copies))
    assert said.proof is Proof.SEALED_WORDS, said


@pytest.mark.slow
@pytest.mark.parametrize("new", ["0151 496 0129", "0151 496 012"])
def test_a_changed_number_in_large_print_is_found(verdict: Verify, new: str) -> None:
    said = verdict("letter.pdf", render_large_print(other_letter("0151 496 0120", new), "en", HARBOUR))
    assert said.proof is Proof.OTHER_WORDS


@pytest.mark.parametrize("name", ["newsletter.txt", "newsletter.html", "staff-briefing.txt"])
def test_a_changed_word_beside_the_letter_is_told_with_its_place(
    published: Published, verdict: Verify, name: str
) -> None:
    text = published.artefacts[f"en/{name}"].decode()
    changed = re.sub(r"\bis not (your|the child)", r"may be \1", text, count=1)
    assert changed != text
    said = verdict(name, changed)
    assert said.proof is Proof.OTHER_WORDS
    assert said.difference is not None
    assert said.difference.sealed.startswith("is not ")
    assert said.difference.found.startswith("may be")


@pytest.mark.slow
def test_a_changed_page_for_staff_is_found(verdict: Verify) -> None:
    forged = other_letter("promise to keep it secret", "worry about keeping it secret")
    briefing = forged.english.briefing
    assert briefing is not None
    assert verdict("staff.pdf", render_briefing(forged, "en", briefing)).proof is Proof.OTHER_WORDS


@pytest.mark.slow
def test_press_lines_are_proved_and_a_changed_word_in_them_is_found(
    published: Published, verdict: Verify
) -> None:
    lines = published.artefacts["en/press-lines.txt"]
    assert verdict("press-lines.pdf", published.artefacts["en/press-lines.pdf"]).proof is Proof.GENUINE
    assert verdict("lines.txt", lines.replace(b"\n", b"\r\n")).proof is Proof.SEALED_WORDS
    changed = verdict("lines.txt", lines.replace(b"never the child", b"perhaps the child"))
    assert changed.proof is Proof.OTHER_WORDS
    forged = other_letter("It is never the child", "It is perhaps the child")
    assert forged.english.press is not None
    pdf = render_press_lines(forged, "en", forged.english.press)
    assert verdict("lines.pdf", pdf).proof is Proof.OTHER_WORDS


def test_line_ends_of_another_system_keep_the_sealed_words(published: Published, verdict: Verify) -> None:
    text = published.artefacts["en/newsletter.txt"].replace(b"\n", b"\r\n")
    assert verdict("newsletter.txt", text).proof is Proof.SEALED_WORDS


def test_a_changed_word_file_is_refused_with_what_to_do(published: Published, verdict: Verify) -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(published.artefacts["en/letter.docx"])) as sealed,
        zipfile.ZipFile(out, "w") as changed,
    ):
        for name in sealed.namelist():
            changed.writestr(name, sealed.read(name).replace(b"0151", b"0152"))
    with pytest.raises(UnreadableLetterFile, match="Word file") as caught:
        verdict("letter.docx", out.getvalue())
    assert "letter.pdf" in caught.value.fix
