"""Nothing of a letter is published before its seal is proven, and what is offered is byte for byte what was sealed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from everyfamily.core.agreement.seals import SealNotReadable
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.keys.signing import SigningKey
from everyfamily.letters.files.key_lists import KEY_LIST, write_key_list
from everyfamily.letters.files.letter_zip import LetterFolderNotReadable
from everyfamily.parentsite.sealed import (
    NoSealedLetter,
    SealedLetter,
    SealNotProven,
    TwoLettersOfOneTerm,
    read_sealed_letters,
)
from tests.factories.demonstration import REFERENCE, demo_partnership
from tests.factories.sealed import FILES, SEALED_AT, SEALING, key_list, letter_of_term, seal_letter

AUTUMN = ("autumn-2026", date(2026, 9, 22), "ES-2609-A1B2")


@pytest.fixture
def seals(tmp_path: Path) -> Path:
    """A folder with the published seal of the demonstration's letter."""
    place = tmp_path / "seals"
    seal_letter(letter_of_term()).publish(place)
    return place


def read(seals: Path, *folders: Path, **options: Any) -> tuple[SealedLetter, ...]:
    return read_sealed_letters(seals, folders, demo_partnership(), **options)


def refusal(seals: Path, *folders: Path, kind: type[EveryfamilyError] = SealNotProven, **options: Any) -> str:
    with pytest.raises(kind) as caught:
        read(seals, *folders, **options)
    assert caught.value.fix
    return caught.value.fact


def edit(file: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the JSON of a seal."""
    data = json.loads(file.read_bytes())
    change(data)
    file.write_text(json.dumps(data), encoding="utf-8")


def test_a_good_seal_is_read(seals: Path) -> None:
    (one,) = read(seals)
    assert (one.reference, one.term, one.withdrawn, one.files) == (REFERENCE, "spring-2027", False, {})
    assert one.letter == letter_of_term()
    digest = one.seal.digest
    assert one.fingerprint == f"{digest[:4]} {digest[4:8]} {digest[8:12]} {digest[12:16]} {digest[16:20]}"


def test_a_letter_is_shown_only_if_it_was_approved_with_keys_of_the_list_beside_it(seals: Path) -> None:
    assert read(seals)[0].keys is None
    letter = letter_of_term()
    write_key_list(seals / KEY_LIST, key_list(letter))
    assert read(seals)[0].keys == key_list(letter)
    police = replace(letter.signatories[1], keys=(ApprovalKey.of_file(SEALING.public_key),))
    write_key_list(seals / KEY_LIST, key_list(replace(letter, signatories=(letter.signatories[0], police))))
    assert "with a key that is in the signed list of keys" in refusal(seals)
    write_key_list(seals / KEY_LIST, key_list(letter, SigningKey.new()))
    assert "signed with another key" in refusal(seals)


def test_approvals_are_told_in_the_order_in_which_they_are_printed(seals: Path) -> None:
    (one,) = read(seals)
    assert [row[:3] for row in one.approvals()] == [
        (who.name, who.title, who.organisation) for who in demo_partnership().signatories
    ]
    assert {row[3] for row in one.approvals()} == {SEALED_AT}


def test_the_newest_letter_is_first(seals: Path) -> None:
    seal_letter(letter_of_term(*AUTUMN)).publish(seals)
    seal_letter(letter_of_term("summer-2027", date(2027, 4, 27), "ES-2704-C3D4")).publish(seals)
    assert [one.term for one in read(seals)] == ["summer-2027", "spring-2027", "autumn-2026"]


def test_other_files_in_the_folder_are_left_alone(seals: Path) -> None:
    (seals / "README.txt").write_text("Seals.", encoding="utf-8")
    assert len(read(seals)) == 1


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        (lambda data: data["record"]["letter"].update(area="Westmere"), "The record was changed"),
        (lambda data: data["record"]["artefacts"].update({"en/letter.pdf": "0" * 64}), "The record was changed"),
        (
            lambda data: data.update(sealed_at="2027-03-01T16:00:01+00:00"),
            "The partnership's signature does not fit",
        ),
        (lambda data: data.update(digest="0" * 64), "The record was changed"),
        (lambda data: data["approvals"].pop(), "The partnership's signature does not fit"),
        (
            lambda data: data.update(sealing_key=SigningKey.new().public_key),
            "The partnership's signature does not",
        ),
    ],
)
def test_a_changed_seal_is_refused(seals: Path, change: Callable[[dict[str, Any]], None], fact: str) -> None:
    edit(seals / f"{REFERENCE}.json", change)
    assert refusal(seals).startswith(fact)


def test_a_seal_under_another_name_is_refused(seals: Path) -> None:
    (seals / f"{REFERENCE}.json").rename(seals / "ES-2703-XXXX.json")
    assert refusal(seals) == f"The seal is not under its own reference: name the file {REFERENCE}.json."


def test_a_second_copy_of_a_seal_is_refused(seals: Path) -> None:
    (seals / f"{REFERENCE} (1).json").write_bytes((seals / f"{REFERENCE}.json").read_bytes())
    assert refusal(seals) == f"The seal is not under its own reference: name the file {REFERENCE}.json."


@pytest.mark.parametrize(
    "fields",
    [{"partnership": "Westmere Safeguarding Children Partnership"}, {"site": "families.westmere.example"}],
)
def test_another_partnerships_letter_is_refused(tmp_path: Path, fields: dict[str, str]) -> None:
    seal_letter(letter_of_term(**fields)).publish(tmp_path / "seals")
    assert refusal(tmp_path / "seals") == (
        "The letter is from another partnership, or for another address of the site."
    )


@pytest.mark.parametrize(
    "page",
    [
        "families.eastmere.example",
        "families.eastmere.example/help",
        "families.eastmere.example/spring-2027/signs",
        "families.eastmere.example/../spring-2027",
        "families.eastmere.example/child-sexual-exploitation",
        "families.eastmere.example/spring-27",
        "families.westmere.example/spring-2027",
    ],
)
def test_a_letter_whose_address_is_not_that_of_a_term_is_refused(tmp_path: Path, page: str) -> None:
    seal_letter(letter_of_term(page=page)).publish(tmp_path / "seals")
    assert refusal(tmp_path / "seals") == "The letter's address is not that of a term on this site."


def test_a_seal_of_another_key_than_the_known_one_is_refused(seals: Path) -> None:
    assert read(seals, sealing_key=SEALING.public_key)
    other = SigningKey.new().public_key
    assert refusal(seals, sealing_key=other) == "It was sealed with a key that is not the partnership's."


def test_seals_of_two_keys_are_refused_though_none_is_known(seals: Path) -> None:
    seal_letter(letter_of_term(*AUTUMN), key=SigningKey.new()).publish(seals)
    assert refusal(seals) == "It was sealed with a key that is not the partnership's."


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"not json", b"\xff\xfe"])
def test_a_file_that_is_no_seal_is_refused(seals: Path, raw: bytes) -> None:
    (seals / "ES-2709-ZZZZ.json").write_bytes(raw)
    assert refusal(seals, kind=SealNotReadable)


def test_files_to_print_are_byte_for_byte_those_that_were_sealed(seals: Path, tmp_path: Path) -> None:
    folder = seal_letter(letter_of_term()).write(tmp_path / "letter")
    (one,) = read(seals, folder)
    assert one.files == {name: FILES[name] for name in ("en/letter.pdf", "en/letter-large-print.pdf")}


@pytest.mark.parametrize("name", ["en/letter.pdf", "en/letter-large-print.pdf", "en/email.html"])
def test_a_changed_file_in_the_folder_is_refused(seals: Path, tmp_path: Path, name: str) -> None:
    folder = seal_letter(letter_of_term()).write(tmp_path / "letter")
    (folder / "files" / name).write_bytes(FILES[name] + b" ")
    assert refusal(seals, folder) == "A file is not the one that was sealed."


def test_a_missing_file_and_one_too_many_are_refused(seals: Path, tmp_path: Path) -> None:
    folder = seal_letter(letter_of_term()).write(tmp_path / "letter")
    (folder / "files" / "en" / "more.pdf").write_bytes(b"%PDF")
    assert refusal(seals, folder, kind=LetterFolderNotReadable)
    (folder / "files" / "en" / "more.pdf").unlink()
    (folder / "files" / "en" / "letter.pdf").unlink()
    assert refusal(seals, folder, kind=LetterFolderNotReadable)


def test_a_changed_record_in_the_folder_is_refused(seals: Path, tmp_path: Path) -> None:
    folder = seal_letter(letter_of_term()).write(tmp_path / "letter")
    edit(folder / "record.json", lambda data: data["letter"].update(area="Westmere"))
    assert refusal(seals, folder) == "The folder's letter has no seal in the seals."


def test_the_folder_of_a_letter_that_is_not_sealed_is_refused(seals: Path, tmp_path: Path) -> None:
    folder = seal_letter(letter_of_term(*AUTUMN)).write(tmp_path / "letter")
    assert refusal(seals, folder) == "The folder's letter has no seal in the seals."


def test_a_withdrawn_letter_is_kept_and_said_to_be(seals: Path) -> None:
    seal_letter(letter_of_term(*AUTUMN)).publish(seals)
    withdrawn = {one.reference: one.withdrawn for one in read(seals, withdrawn=(REFERENCE,))}
    assert withdrawn == {REFERENCE: True, "ES-2609-A1B2": False}


def test_a_withdrawn_letter_stays_withdrawn_with_its_files(seals: Path, tmp_path: Path) -> None:
    seal_letter(letter_of_term(*AUTUMN)).publish(seals)
    folder = seal_letter(letter_of_term()).write(tmp_path / "letter")
    assert [(one.withdrawn, len(one.files)) for one in read(seals, folder, withdrawn=[REFERENCE])] == [
        (True, 2),
        (False, 0),
    ]


def test_a_withdrawn_reference_that_is_not_here_is_refused(seals: Path) -> None:
    """A slip in the typing would leave a withdrawn letter standing."""
    assert "ES-2703-K7R5" in refusal(seals, withdrawn=("ES-2703-K7R5",))


def test_a_site_can_be_made_in_the_hour_when_the_only_letter_is_withdrawn(seals: Path) -> None:
    assert [one.withdrawn for one in read(seals, withdrawn=(REFERENCE,))] == [True]


def test_a_site_needs_a_sealed_letter(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert refusal(tmp_path / "empty", kind=NoSealedLetter)


def test_two_letters_that_stand_at_one_address_are_refused(seals: Path) -> None:
    again = replace(letter_of_term(), reference="ES-2703-N3W2", dated=date(2027, 3, 9))
    seal_letter(again).publish(seals)
    assert refusal(seals, kind=TwoLettersOfOneTerm).startswith("ES-2703-N3W2 and ES-2703-K7R4 are printed")
    assert [one.withdrawn for one in read(seals, withdrawn=[REFERENCE])] == [False, True]


def test_two_letters_of_one_term_stand_at_their_own_addresses(seals: Path) -> None:
    own = replace(letter_of_term(reference="ES-2703-N3W2"), page=f"{demo_partnership().site}/spring-2027-2")
    seal_letter(own).publish(seals)
    assert [one.term for one in read(seals)] == ["spring-2027-2", "spring-2027"]


@pytest.mark.parametrize("address", ["spring-2027-1", "spring-2027-10", "spring-2027-grooming"])
def test_an_address_that_is_not_a_terms_is_refused(seals: Path, address: str) -> None:
    seal_letter(letter_of_term(address, reference="ES-2703-N3W2")).publish(seals)
    assert "not that of a term" in refusal(seals)


def test_each_refusal_has_its_code() -> None:
    assert [one.code for one in (SealNotProven, NoSealedLetter, TwoLettersOfOneTerm)] == [
        "EF340",
        "EF341",
        "EF351",
    ]


@pytest.mark.parametrize(
    "reference",
    ["..", ".", "es-2703-k7r4", "\u0415\u0405-2703-K7R4", "ES-2703-K7R4\u200b", "a b", "\n", "ES-", "%2e"],
)
def test_a_reference_that_is_no_name_of_a_page_is_refused(seals: Path, reference: str) -> None:
    """ "genuine/.." is the home: a letter under it would stand in the home's place and call itself ours."""
    seal_letter(letter_of_term(AUTUMN[0], AUTUMN[1], reference)).publish(seals)
    assert "other marks than capitals, digits and hyphens" in refusal(seals)


def test_a_term_in_other_digits_is_no_second_address_for_one_term(seals: Path) -> None:
    again = letter_of_term("spring-\u0662\u0660\u0662\u0667", date(2027, 3, 9), "ES-2703-N3W2")
    seal_letter(again).publish(seals)
    assert refusal(seals) == "The letter's address is not that of a term on this site."


@pytest.mark.parametrize("pack", ["../elsewhere", "/elsewhere", "", ".", "Pack"])
def test_a_letter_whose_pack_lies_elsewhere_is_refused(tmp_path: Path, pack: str) -> None:
    seal_letter(letter_of_term(pack=pack)).publish(tmp_path / "seals")
    assert "no pack" in refusal(tmp_path / "seals")


def test_a_letter_without_english_is_refused(tmp_path: Path) -> None:
    texts = {"pl": letter_of_term().texts["en"]}
    seal_letter(letter_of_term(texts=texts)).publish(tmp_path / "seals")
    assert "no English" in refusal(tmp_path / "seals")


def test_a_seal_whose_day_cannot_be_read_is_refused(tmp_path: Path) -> None:
    made = seal_letter(letter_of_term()).seal
    place = tmp_path / "seals"
    place.mkdir()
    bare = replace(made, sealed_at="yesterday")
    seal = replace(bare, signature=SEALING.sign(bare.signed_bytes()))
    (place / f"{REFERENCE}.json").write_text(seal.to_json(), encoding="utf-8")
    assert "no days of its seal" in refusal(place)
