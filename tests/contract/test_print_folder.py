"""What the print folder keeps to when an address is long, a process dies or two work at once."""

from __future__ import annotations

import hashlib
import json
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from everyfamily.channels.base import Message
from everyfamily.channels.errors import CarrierBroken, FeatureNotSupported
from everyfamily.channels.post import print_folder
from everyfamily.channels.post.print_folder import BUNDLE, PrintFolder
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.fallback import AttemptStatus, Channel
from tests.contract.rigs import BODY, NOW, SECRETS, message, rows_of


def post(number: int) -> Message:
    return message(Channel.POST, number)


def too_long(number: int) -> Message:
    return replace(post(number), address=("Amina Testing", "x" * 41, "EM4 7QX"))


def manifests(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*/*.csv"))


def test_a_manifest_names_each_letter_and_the_file_it_is_in(tmp_path: Path) -> None:
    sent = [post(number) for number in (1, 2, 3)]
    PrintFolder(tmp_path).send(sent, NOW)
    [manifest] = manifests(tmp_path)
    rows = rows_of(manifest)
    printed = (manifest.parent / rows[0]["file"]).read_bytes()
    assert [row["reference"] for row in rows] == [one.reference for one in sent]
    assert [row["position"] for row in rows] == ["1", "2", "3"]
    assert {row["sha256"] for row in rows} == {hashlib.sha256(printed).hexdigest()}
    assert json.loads(printed) == [list(one.address) for one in sent]


def test_no_cell_of_a_hand_out_list_begins_a_formula(tmp_path: Path) -> None:
    PrintFolder(tmp_path).send([replace(post(1), group="=1+1", to="@SUM(A1)")], NOW)
    [manifest] = manifests(tmp_path)
    [row] = rows_of(manifest)
    assert (row["group"], row["pupil_id"]) == ("'=1+1", "'@SUM(A1)")


def test_one_long_address_leaves_the_others_printed(tmp_path: Path) -> None:
    answers = PrintFolder(tmp_path).send([post(1), too_long(2), post(3), too_long(4)], NOW)
    assert [one.status.value for one in answers] == [
        "accepted",
        "permanent-failure",
        "accepted",
        "permanent-failure",
    ]
    [manifest] = manifests(tmp_path)
    rows = rows_of(manifest)
    assert [row["reference"] for row in rows] == [post(1).reference, post(3).reference]


def test_only_long_addresses_make_no_bundle(tmp_path: Path) -> None:
    answers = PrintFolder(tmp_path).send([too_long(1)], NOW)
    assert answers[0].status is AttemptStatus.PERMANENT_FAILURE
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_bundle_holds_at_most_a_hundred(tmp_path: Path) -> None:
    carrier = PrintFolder(tmp_path)
    assert carrier.batch_of(Channel.POST) == BUNDLE == 100
    with pytest.raises(ValueError, match="up to 100"):
        carrier.send([post(number) for number in range(101)], NOW)


class Died(BaseException):
    """Stands for the power going."""


def test_a_crash_between_letters_and_manifest_means_it_never_had_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(messages: Sequence[Message], file: str, pdf: bytes) -> bytes:
        raise Died

    monkeypatch.setattr(print_folder, "_manifest", die)
    with pytest.raises(Died):
        PrintFolder(tmp_path).send([post(1), post(2)], NOW)
    assert len(list(tmp_path.glob("*/*/*.pdf"))) == 1
    monkeypatch.undo()
    after = PrintFolder(tmp_path)
    assert after.ask(post(1).reference, NOW) is None
    after.send([post(1), post(2)], NOW)
    assert len(list(tmp_path.glob("*/*/*.pdf"))) == 1
    assert after.ask(post(1).reference, NOW) is not None


def test_a_crash_after_the_manifest_means_it_has_them(tmp_path: Path) -> None:
    PrintFolder(tmp_path).send([post(1), post(2)], NOW)
    event = PrintFolder(tmp_path).ask(post(2).reference, NOW)
    assert event is not None
    assert event.status is AttemptStatus.ACCEPTED


def test_a_manifest_still_being_written_does_not_count(tmp_path: Path) -> None:
    PrintFolder(tmp_path).send([post(1)], NOW)
    [manifest] = manifests(tmp_path)
    manifest.rename(manifest.with_name(manifest.name + ".17.part"))
    assert PrintFolder(tmp_path).ask(post(1).reference, NOW) is None


def test_a_school_has_one_copy_and_a_hand_out_list_for_each_call(tmp_path: Path) -> None:
    carrier = PrintFolder(tmp_path)
    for numbers in ((1, 2), (3,)):
        carrier.send([message(Channel.PUPIL_POST, number) for number in numbers], NOW)
    [pdf] = tmp_path.glob("*/*/*.pdf")
    assert json.loads(pdf.read_bytes()) == [[]]
    rows = [row for path in manifests(tmp_path) for row in rows_of(path)]
    assert sorted((row["group"], row["pupil_id"]) for row in rows) == [("4B", f"adult-{n}") for n in (1, 2, 3)]


def test_two_workers_do_not_take_each_others_half_written_copy(tmp_path: Path) -> None:
    place = tmp_path / "pupil-post" / BODY.key.replace(" ", "_")
    place.mkdir(parents=True)
    (place / "letter.pdf.17.part").write_bytes(b"half of ano")
    PrintFolder(tmp_path).send([message(Channel.PUPIL_POST, 2)], NOW)
    assert json.loads((place / "letter.pdf").read_bytes()) == [[]]
    assert (place / "letter.pdf.17.part").read_bytes() == b"half of ano"


def test_a_folder_that_cannot_be_written_pauses_the_mailing(tmp_path: Path) -> None:
    carrier = PrintFolder(tmp_path / "print")
    (tmp_path / "print").rmdir()
    (tmp_path / "print").write_bytes(b"")
    with pytest.raises(CarrierBroken) as caught:
        carrier.send([post(1)], NOW)
    assert not any(part in "".join(traceback.format_exception(caught.value)) for part in SECRETS)


@pytest.mark.parametrize("problem", [EveryfamilyError("Three pages.", "Cut it."), RuntimeError("12 Lantern Row")])
def test_a_press_that_fails_pauses_the_mailing(tmp_path: Path, problem: Exception) -> None:
    def broken(addresses: Sequence[tuple[str, ...]]) -> bytes:
        raise problem

    for channel in (Channel.POST, Channel.PUPIL_POST):
        with pytest.raises(CarrierBroken) as caught:
            PrintFolder(tmp_path).send([message(channel, 1, body=replace(BODY, press=broken))], NOW)
        assert not any(part in "".join(traceback.format_exception(caught.value)) for part in SECRETS)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_body_without_a_press_cannot_be_printed(tmp_path: Path) -> None:
    with pytest.raises(FeatureNotSupported):
        PrintFolder(tmp_path).send([message(Channel.POST, 1, body=replace(BODY, press=None))], NOW)
