"""A letter in two versions is one record under one digest: both are rendered, checked, proven and verified."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from everyfamily.checks.model.finding import Finding
from everyfamily.core.agreement.seals import digest_of
from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.passages import LetterText
from everyfamily.documents.compared.letter_files import read_pdf
from everyfamily.letters.files.artefacts import check_letter
from everyfamily.letters.files.changes import changes_between
from everyfamily.letters.files.proof import RecordNotProven, prove_record
from everyfamily.letters.files.record import letter_of, secondary_from_in
from everyfamily.letters.files.sealed_words import first_difference
from everyfamily.letters.files.send_kit import kit_of
from everyfamily.letters.files.verification import Proof, Verdict, verify_file
from everyfamily.rendering.pdf import render_letter
from tests.factories.city import NOW, REFERENCE, sealed_letter
from tests.factories.demonstration import HARBOUR
from tests.factories.two_versions import PRIMARY_SUBJECT, PRIMARY_TITLE, SECONDARY_TITLE
from tests.unit.letters.conftest import Published

Verify = Callable[[str, bytes | str], Verdict]
PRIMARY_FILES = (
    *("letter.pdf", "letter-large-print.pdf", "letter.docx", "email.html", "email.txt", "page.html"),
    *("text-message.txt", "text-message-short.txt", "newsletter.html", "newsletter.txt"),
)


@pytest.fixture
def published(tmp_path: Path) -> Published:
    seal, artefacts, key = sealed_letter(two_versions=True)
    seals = tmp_path / "seals"
    seals.mkdir()
    (seals / f"{REFERENCE}.json").write_text(seal.to_json(), encoding="utf-8")
    return Published(seal, artefacts, key, seals)


@pytest.fixture
def verdict(published: Published, tmp_path: Path) -> Iterator[Verify]:
    def of(name: str, data: bytes | str) -> Verdict:
        file = tmp_path / name
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        return verify_file(file, published.seals, sealing_key=published.key)

    yield of


def test_the_primary_versions_files_are_beside_the_usual_ones(published: Published) -> None:
    made = published.artefacts
    assert {name for name in made if name.startswith("primary/en/") and "gaps-open" not in name} == {
        f"primary/en/{name}" for name in PRIMARY_FILES
    }
    assert "primary/en/gaps-open/letter.pdf" in made
    words = {folder: made[f"{folder}/email.txt"].decode().casefold() for folder in ("en", "primary/en")}
    assert PRIMARY_TITLE.casefold() in words["primary/en"]
    assert SECONDARY_TITLE.casefold() in words["en"]
    assert PRIMARY_TITLE.casefold() not in words["en"]
    assert SECONDARY_TITLE.casefold() not in words["primary/en"]


def test_the_record_gives_both_versions_back(published: Published) -> None:
    record = json.loads(json.dumps(published.seal.record))
    letter = letter_of(record)
    assert (secondary_from_in(record), letter.secondary_from) == (7, 7)
    assert letter.in_version(Version.PRIMARY).english.title.text == PRIMARY_TITLE
    assert letter.in_version(Version.SECONDARY).english.title.text == SECONDARY_TITLE
    assert letter.in_version(Version.SECONDARY).primary == {}


def test_a_letter_in_one_version_says_nothing_of_versions() -> None:
    seal, artefacts, _ = sealed_letter()
    assert not {"primary", "secondary_from", "short_primary"} & seal.record["letter"].keys()
    assert not [name for name in artefacts if name.startswith(("primary/", "secondary/"))]
    letter = letter_of(seal.record)
    assert (secondary_from_in(seal.record), letter.versions) == (None, (None,))
    assert letter.in_version(Version.PRIMARY) == letter


@pytest.mark.slow
def test_a_familys_copy_of_the_primary_version_has_the_sealed_words_and_a_mixed_one_has_not(
    published: Published, verdict: Verify
) -> None:
    copy = render_letter(published.letter.in_version(Version.PRIMARY), "en", HARBOUR)
    assert first_difference(read_pdf(copy), published.seal) is None
    exactly = verdict("letter.pdf", published.artefacts["primary/en/letter.pdf"])
    assert exactly.proof is Proof.GENUINE
    assert "primary/en/letter.pdf" in exactly.sentence
    usual, primary = published.letter.english, published.letter.primary["en"]
    mixed = replace(published.letter, primary={}, texts={"en": replace(usual, title=primary.title)})
    assert first_difference(read_pdf(render_letter(mixed, "en", HARBOUR)), published.seal) is not None


@pytest.mark.slow
def test_a_record_whose_primary_version_was_changed_is_not_proven(published: Published) -> None:
    record = json.loads(json.dumps(published.seal.record))
    prove_record(record, published.artefacts, today=NOW.date())
    changed = json.loads(json.dumps(record).replace(PRIMARY_TITLE, "Keeping youngest children safe from harm"))
    with pytest.raises(RecordNotProven, match=r"does not look like primary/en/"):
        prove_record(changed, published.artefacts, today=NOW.date())
    assert digest_of(changed) != digest_of(record)
    (change, *others) = changes_between(record, changed)
    assert (change.where, others) == ("en primary/title", [])


def _found(letter: Letter) -> list[Finding]:
    return list(check_letter(letter, today=NOW.date(), select=["RD"], artefacts={}).findings)


def _harder(text: LetterText) -> LetterText:
    words = " ".join(["Whatever they may be called by anybody who knows them at all,"] * 4) + " call."
    sections = list(text.sections)
    first = sections[0].passages[-1]
    sections[0] = replace(sections[0], passages=(*sections[0].passages[:-1], replace(first, text=words)))
    return replace(text, sections=tuple(sections))


def test_the_rules_look_at_both_and_name_the_file_of_the_version(published: Published) -> None:
    letter = published.letter
    assert published.seal.record["findings"] == sealed_letter()[0].record["findings"], (
        "the same words, found once"
    )
    harder = replace(letter, primary={"en": _harder(letter.primary["en"])})
    new = [one for one in _found(harder) if one not in _found(letter)]
    assert {(one.place.file.rpartition("/")[2], one.passage) for one in new} == {
        ("letter.primary.en.md", "primary/opening/3")
    }


def test_the_rules_read_the_files_of_the_version_back(published: Published) -> None:
    usual = {"primary/en/letter.pdf": published.artefacts["en/letter.pdf"]}
    (found,) = check_letter(published.letter, today=NOW.date(), select=["AC008"], artefacts=usual).findings
    assert "Not in primary/en/letter.pdf" in found.message
    assert found.passage == "primary/title"


def test_a_kit_has_a_folder_for_each_version_or_only_the_one_that_a_school_needs(published: Published) -> None:
    both = kit_of(published.seal, published.artefacts)
    assert both["Primary/English/email.txt"] == published.artefacts["primary/en/email.txt"]
    assert both["Secondary/English/email.txt"] == published.artefacts["en/email.txt"]
    assert both["Primary/English/staff-briefing.pdf"] == both["Secondary/English/staff-briefing.pdf"]
    said = " ".join(both["README.txt"].decode().split())
    assert "A family with a child in Year 7 or above at your school gets Secondary" in said
    assert "so does one whose child's year you do not know" in said
    subjects = f'"A letter about keeping children safe" (secondary) or "{PRIMARY_SUBJECT}" (primary)'
    assert f"Use the subject {subjects} as it is" in said
    assert "everyfamily verify Secondary/English/letter.pdf" in said
    for version, folder, other in (
        (Version.PRIMARY, "primary/en", "in Year 7 or above get the letter in other words"),
        (Version.SECONDARY, "en", "in Year 6 or below get the letter in other words"),
    ):
        kit = kit_of(published.seal, published.artefacts, version)
        assert kit["English/letter.pdf"] == published.artefacts[f"{folder}/letter.pdf"]
        assert kit["English/staff-briefing.pdf"] == published.artefacts["en/staff-briefing.pdf"]
        assert not [name for name in kit if name.startswith(("Primary", "Secondary"))]
        assert other in " ".join(kit["README.txt"].decode().split())
        assert set(kit) == set(kit_of(*sealed_letter()[:2]))


def test_the_kit_of_a_letter_in_one_version_is_the_same_for_every_school() -> None:
    seal, artefacts, _ = sealed_letter()
    assert kit_of(seal, artefacts, Version.PRIMARY) == kit_of(seal, artefacts)
