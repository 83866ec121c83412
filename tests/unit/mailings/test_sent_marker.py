"""The marker's file: what is written is read, lines have their places, and what is no marker stops everything."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from everyfamily.mailings.installation import sent_marker
from everyfamily.mailings.installation.sent_marker import (
    Header,
    Line,
    Marked,
    MarkerIsHeld,
    MarkerNotUsable,
    SentMarker,
)

HEADER = Header(
    uuid.UUID(int=1), datetime(2027, 3, 2, 9, 0, tzinfo=UTC), "7001 1 2 3", uuid.UUID(int=2), has_sent=True
)


@pytest.fixture
def marker(tmp_path: Path) -> SentMarker:
    return SentMarker(tmp_path / "outbox/sent-marker")


def test_what_is_written_is_read(marker: SentMarker) -> None:
    with marker.held() as file:
        assert file.read() is None
        file.begin(HEADER)
        assert file.read() == Marked(HEADER, ())
        file.write(replace(HEADER, next=None, has_sent=False))
        assert file.read() == Marked(replace(HEADER, next=None, has_sent=False), ())
    assert marker.path.stat().st_mode & 0o777 == 0o600


def test_each_worker_has_its_line_and_takes_that_of_a_dead_one(marker: SentMarker) -> None:
    with marker.held() as file:
        file.begin(HEADER)
        one, two = file.take_line(Line("one")), file.take_line(Line("two"))
        one.moves_to(7, 1)
        two.moves_to(8, 2)
        one.end()
        found = file.read()
        assert found is not None
        assert found.lines == (Line("one", 7, 1, ended=True), Line("two", 8, 2))
        two.moves_to(8, 2)
        file.take_line(Line("three"))
        found = file.read()
        assert found is not None
        assert found.lines == (Line("three"), Line("two", 8, 2))
        for number in range(20):
            file.take_line(Line(f"more {number}"))
        found = file.read()
        assert found is not None
        assert len(found.lines) == 22
        size = marker.path.stat().st_size
        file.begin(HEADER)
        assert file.read() == Marked(HEADER, ())
        assert marker.path.stat().st_size < size
    two.end()


def test_the_first_workers_have_room_before_a_disk_fills_up(marker: SentMarker) -> None:
    with marker.held() as file:
        file.begin(HEADER)
        size = marker.path.stat().st_size
        for number in range(14):
            file.take_line(Line(f"{number}"))
        assert marker.path.stat().st_size == size


def test_a_line_whose_file_was_removed_is_not_written_to(marker: SentMarker) -> None:
    with marker.held() as file:
        file.begin(HEADER)
        line = file.take_line(Line("one"))
    marker.path.unlink()
    with pytest.raises(MarkerNotUsable, match="No such file"):
        line.moves_to(7, 1)


def test_what_is_no_marker_stops_everything(marker: SentMarker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sent_marker.time, "sleep", lambda seconds: None)
    marker.path.parent.mkdir(mode=0o700)
    marker.path.write_text("notes of somebody")
    with marker.held() as file, pytest.raises(MarkerNotUsable, match="cannot be read"):
        file.read()


def test_a_folder_in_its_place_is_named(marker: SentMarker) -> None:
    marker.path.mkdir(parents=True, mode=0o700)
    with pytest.raises(MarkerNotUsable, match="sent-marker"), marker.held():
        pass


def test_whoever_holds_it_too_long_is_said(marker: SentMarker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sent_marker, "LONGEST", 0.0)
    with marker.held(), pytest.raises(MarkerIsHeld), marker.held():
        pass


def test_a_line_is_synced_once_a_second(marker: SentMarker, monkeypatch: pytest.MonkeyPatch) -> None:
    now, synced = [100.0], []
    monkeypatch.setattr(sent_marker.time, "monotonic", lambda: now[0])
    with marker.held() as file:
        file.begin(HEADER)
        line = file.take_line(Line("one"))
        monkeypatch.setattr(sent_marker.os, "fdatasync", lambda descriptor: synced.append(now[0]))
        for now[0] in (100.5, 101.0, 101.5, 102.0):
            line.moves_to(7, 1)
    assert synced == [101.0, 102.0]


def test_a_record_that_is_too_long_is_never_cut(marker: SentMarker) -> None:
    with marker.held() as file:
        file.begin(HEADER)
        with pytest.raises(ValueError, match="too long"):
            file.take_line(Line("x" * 300))


def test_the_dead_are_ended_by_others_and_a_line_of_another_machine_stays_while_there_is_room(
    marker: SentMarker,
) -> None:
    with marker.held() as file:
        file.begin(HEADER)
        for number in range(3):
            file.take_line(Line(f"w{number}", machine=f"machine {number}"))
        file.end_lines({"w1", "w2"})
        file.take_line(Line("next", machine="machine 1"))
        found = file.read()
        assert found is not None
        assert [(line.worker, line.ended) for line in found.lines] == [
            ("w0", False),
            ("next", False),
            ("w2", True),
        ]
        # Containers that each have an id of their own do not fill the file.
        for number in range(200):
            file.take_line(Line(f"v{number}", machine=f"its own {number}"))
            file.end_lines({f"v{number}"})
        found = file.read()
        assert found is not None
        assert len(found.lines) < 20


def test_the_longest_line_has_room_and_one_that_an_earlier_version_wrote_is_read(marker: SentMarker) -> None:
    long = Line("h" * 64 + ":4194304:0a1b2c3d", 2**63 - 1, 99, False, "0" * 24, "0" * 12, "0" * 12)
    with marker.held() as file:
        file.begin(HEADER)
        file.take_line(long)
        found = file.read()
        assert found is not None and found.lines == (long,)
        raw = marker.path.read_text()
        kept = {"worker": "one", "ledger": 7, "tries": 1, "ended": False}
        header = json.loads(raw[:512])
        del header["place"]
        marker.path.write_text(json.dumps(header).ljust(511) + "\n" + json.dumps(kept).ljust(255) + "\n")
        assert file.read() == Marked(HEADER, (Line("one", 7, 1),))
