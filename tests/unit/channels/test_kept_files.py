"""Folders that hold contact values: closed to others, and emptied of what is due and of nothing else."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from everyfamily.channels.kept_files import FilesPurged, count_files, make_closed_folder, purge_files
from everyfamily.channels.post.print_folder import PrintFolder
from everyfamily_demo.recording import ReceiptBox, RecordingChannel
from tests.factories.city import NOW

DUE = "ES-2703-K7R4 en 900001"
OTHER = "ES-2703-K7R4 en 900002"


def is_due(reference: str, urn: int) -> bool:
    return (reference, urn) == ("ES-2703-K7R4", 900001)


def line(to: str, key: str, *, address: tuple[str, ...] = ()) -> str:
    values = {"reference": f"r-{to.partition(chr(64))[0]}", "at": NOW.isoformat(), "channel": "email", "to": to}
    return json.dumps({**values, "address": list(address), "group": "7B", "body": key}) + "\n"


def outbox(folder: Path) -> Path:
    place = folder / "outbox"
    make_closed_folder(place)
    (place / "email.77.jsonl").write_text(
        line("ana@example.org", DUE)
        + line("joe@example.org", OTHER)
        + line("mia@example.org", f"{DUE} large print")
    )
    (place / "post.77.jsonl").write_text(line("", DUE, address=("Ana Ferris", "1 Lantern Row")))
    (place / "post.78.at-the-press").write_text(line("", DUE, address=("Una Ferris", "2 Lantern Row")))
    for key in (DUE, OTHER):
        language, school = key.replace(" ", "_"), key.replace(" en ", "_")
        for name in (
            f"post/second/{language}",
            f"post/{language}",
            f"pupil-post/{school}",
            f"pupil-post/{language}",
        ):
            letters = place / "print" / name
            letters.mkdir(parents=True)
            (letters / "bundle-1.csv").write_text("Ana Ferris")
            (letters / "bundle-1.pdf.9.part").write_text("Ana Ferris")
    return place


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_every_folder_that_is_made_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "outbox" / "print"
    make_closed_folder(folder)
    assert [mode(place) for place in (folder, folder.parent, folder.parent.parent)] == [0o700] * 3


def test_the_outbox_is_closed_whichever_carrier_comes_first(tmp_path: Path) -> None:
    place = tmp_path / "outbox"
    RecordingChannel(place, seed=1, paper=PrintFolder(place / "print"))
    assert mode(place) == mode(place / "print") == 0o700


def test_an_open_folder_of_ours_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_closed_folder(tmp_path)
    assert mode(tmp_path) == 0o700


def test_what_is_due_goes_and_the_rest_stays(tmp_path: Path) -> None:
    place = outbox(tmp_path)
    assert count_files(place, is_due) == FilesPurged(lines=4, folders=4)
    assert purge_files(place, is_due) == FilesPurged(lines=4, folders=4)
    assert purge_files(place, is_due) == count_files(place, is_due) == FilesPurged()
    everything = b"".join(path.read_bytes() for path in place.rglob("*") if path.is_file())
    assert b"ana@example.org" not in everything
    assert b"mia@example.org" not in everything
    assert b"joe@example.org" in everything
    assert b"Una Ferris" not in everything
    assert b"Ana Ferris" in everything
    left = [path for path in (place / "print").rglob("*") if path.is_dir() and path.name.startswith("ES-")]
    assert len(left) == 4
    assert all(path.name.endswith("900002") for path in left)


def test_a_file_that_workers_read_and_add_to_keeps_its_places(tmp_path: Path) -> None:
    place = outbox(tmp_path)
    box = ReceiptBox(place, seed=1)
    box.due(NOW)
    size = (place / "email.77.jsonl").stat().st_size
    with (place / "email.77.jsonl").open("ab", buffering=0) as worker:
        purge_files(place, is_due)
        assert (place / "email.77.jsonl").stat().st_size == size
        worker.write(line("eve@example.org", OTHER).encode())
    lines = [json.loads(text) for text in (place / "email.77.jsonl").read_text().splitlines()]
    assert [one["to"] for one in lines] == ["", "joe@example.org", "", "eve@example.org"]
    assert [one["reference"] for one in box._new_lines()] == ["r-eve"]


@pytest.mark.parametrize("linked", ["outbox", "print", "kind", "letters", "file"])
def test_a_link_is_never_followed(tmp_path: Path, linked: str) -> None:
    place = outbox(tmp_path / "elsewhere")
    here = tmp_path / "outbox"
    if linked == "outbox":
        here.symlink_to(place)
    else:
        here.mkdir()
    if linked == "print":
        (here / "print").symlink_to(place / "print")
    if linked == "kind":
        (here / "print").mkdir()
        (here / "print" / "post").symlink_to(place / "print" / "post")
    if linked == "letters":
        name = DUE.replace(" ", "_")
        for kind in ("post", "post/second"):
            (here / "print" / kind).mkdir(parents=True, exist_ok=True)
            (here / "print" / kind / name).symlink_to(place / "print" / kind / name)
    if linked == "file":
        (here / "email.77.jsonl").symlink_to(place / "email.77.jsonl")
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    assert purge_files(here, is_due).total == 0
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before


def test_what_has_another_name_is_left_alone(tmp_path: Path) -> None:
    make_closed_folder(tmp_path / "print" / "post" / "my own letters")
    (tmp_path / "notes.jsonl").write_text(line("ana@example.org", DUE))
    assert purge_files(tmp_path, is_due) == FilesPurged()
    assert purge_files(tmp_path / "not there", is_due) == FilesPurged()


def test_what_cannot_be_changed_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = outbox(tmp_path)

    def refuses(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr("everyfamily.channels.kept_files._blank_lines", refuses)
    monkeypatch.setattr("shutil.rmtree", refuses)
    assert purge_files(place, is_due) == FilesPurged(left=7)
