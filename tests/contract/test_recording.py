"""What the recording carrier plays: faults by seed, receipts by script, and a folder nobody else reads."""

from __future__ import annotations

import json
import stat
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from everyfamily.channels.base import Carrier
from everyfamily.channels.errors import CarrierRefused, NoAnswer
from everyfamily.channels.post.print_folder import PrintFolder
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from everyfamily_demo.recording import Faults, ReceiptBox, RecordingChannel
from tests.contract.rigs import BODY, NOW, RecordingRig, message

LATER = NOW + timedelta(days=30)


def recording(outbox: Path, *, seed: int = 7, **faults: float) -> RecordingChannel:
    return RecordingChannel(outbox, seed=seed, faults=Faults(**faults))


def lines(outbox: Path) -> list[dict[str, object]]:
    return [json.loads(raw) for path in sorted(outbox.glob("*.jsonl")) for raw in path.read_bytes().splitlines()]


def test_it_refuses_only_the_first_call(tmp_path: Path) -> None:
    carrier = recording(tmp_path, refuse=1.0)
    with pytest.raises(CarrierRefused):
        carrier.send([message(Channel.EMAIL, 1)], NOW)
    assert lines(tmp_path) == []
    answers = carrier.send([message(Channel.EMAIL, 1, calls=1)], NOW)
    assert answers[0].status is AttemptStatus.ACCEPTED
    assert len(lines(tmp_path)) == 1
    carrier.close()


def test_silence_means_recorded_and_not_answered(tmp_path: Path) -> None:
    carrier = recording(tmp_path, silent=1.0)
    with pytest.raises(NoAnswer):
        carrier.send([message(Channel.TEXT, 1)], NOW)
    assert [line["to"] for line in lines(tmp_path)] == ["+447700900001"]
    carrier.close()


def test_it_never_de_duplicates(tmp_path: Path) -> None:
    carrier = recording(tmp_path)
    for _ in range(3):
        carrier.send([message(Channel.EMAIL, 1)], NOW)
    assert Counter(line["to"] for line in lines(tmp_path)) == {"adult-1@example.com": 3}
    carrier.close()


def silent_ones(outbox: Path, seed: int) -> set[int]:
    carrier = recording(outbox, seed=seed, silent=0.3)
    silent = set()
    for number in range(60):
        try:
            carrier.send([message(Channel.EMAIL, number)], NOW)
        except NoAnswer:
            silent.add(number)
    carrier.close()
    return silent


def test_the_same_seed_meets_the_same_faults(tmp_path: Path) -> None:
    first = silent_ones(tmp_path / "a", 7)
    assert first == silent_ones(tmp_path / "b", 7)
    assert first != silent_ones(tmp_path / "c", 8)
    assert 5 < len(first) < 35


def test_only_the_owner_may_read_the_outbox(tmp_path: Path) -> None:
    outbox = tmp_path / "outbox"
    carrier = RecordingChannel(outbox, seed=7, paper=PrintFolder(tmp_path / "print"))
    for channel in Channel:
        carrier.send([message(channel, 1)], NOW)
    carrier.close()
    made = [outbox, *outbox.rglob("*"), *(tmp_path / "print").rglob("*")]
    assert len(made) > 8
    for path in made:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_body_is_kept_once_and_whole(tmp_path: Path) -> None:
    carrier = recording(tmp_path)
    for number in range(5):
        carrier.send([message(Channel.EMAIL, number)], NOW)
    carrier.close()
    kept = sorted(path.name for path in (tmp_path / "bodies").iterdir())
    assert kept == [f"email_ES-2703-K7R4_en_900003.{kind}" for kind in ("html", "json", "txt")]
    values = json.loads((tmp_path / "bodies" / kept[1]).read_bytes())
    assert values == {
        "key": BODY.key,
        "language": "en",
        "sender_name": BODY.sender_name,
        "reply_to": BODY.reply_to,
        "subject": BODY.subject,
        "text": BODY.text,
        "html": BODY.html,
        "format": "standard",
        "postage": "second",
        "school_key": BODY.school_key,
        "version": BODY.version,
    }
    assert (tmp_path / "bodies" / kept[0]).read_bytes() == (BODY.html or "").encode()
    assert (tmp_path / "bodies" / kept[2]).read_bytes() == BODY.text.encode()


def test_a_letter_that_could_not_be_printed_is_not_recorded(tmp_path: Path) -> None:
    rig = RecordingRig(tmp_path, Channel.POST, paper=True)
    long = replace(message(Channel.POST, 2), address=("Amina Testing", "x" * 41, "EM4 7QX"))
    answers = rig.carrier.send([message(Channel.POST, 1), long, message(Channel.POST, 3)], NOW)
    assert [one.status.value for one in answers] == ["accepted", "permanent-failure", "accepted"]
    assert [reference for reference, _ in rig.taken()] == [answers[0].reference, answers[2].reference]
    rig.close()


def test_a_text_has_no_page_beside_it_and_post_without_a_press_neither(tmp_path: Path) -> None:
    carrier = recording(tmp_path)
    carrier.send([message(Channel.TEXT, 1, body=replace(BODY, html=None))], NOW)
    carrier.send([message(Channel.POST, 1, body=replace(BODY, html=None, text=""))], NOW)
    carrier.close()
    kept = sorted(path.name for path in (tmp_path / "bodies").iterdir())
    stem = "ES-2703-K7R4_en_900003"
    assert kept == [f"post_{stem}.json", f"text_{stem}.json", f"text_{stem}.txt"]


def test_it_takes_its_time_before_and_after_taking_a_message_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[tuple[float, int]] = []
    monkeypatch.setattr(
        "everyfamily_demo.recording.time.sleep", lambda seconds: waits.append((seconds, len(lines(tmp_path))))
    )
    carrier = recording(tmp_path, delay=0.5, answer_delay=0.25)
    carrier.send([message(Channel.EMAIL, 1)], NOW)
    carrier.close()
    assert waits == [(0.5, 0), (0.25, 1)]


def filled(outbox: Path, count: int = 40, first: int = 0) -> None:
    carrier = recording(outbox)
    for number in range(first, first + count):
        carrier.send([message(Channel.TEXT, number)], NOW)
    carrier.close()


def test_a_receipt_is_given_once(tmp_path: Path) -> None:
    filled(tmp_path)
    box = ReceiptBox(tmp_path, seed=7)
    assert len(box.due(LATER)) > 30
    assert box.due(LATER) == []


def test_the_same_receipts_come_whoever_reads_and_in_how_many_steps(tmp_path: Path) -> None:
    filled(tmp_path)
    at_once = ReceiptBox(tmp_path, seed=7).due(LATER)
    box = ReceiptBox(tmp_path, seed=7)
    in_steps = [event for hour in range(24 * 31) for event in box.due(NOW + timedelta(hours=hour))]
    assert in_steps == at_once
    assert at_once == sorted(at_once, key=lambda event: event.occurred_at)


def test_nothing_comes_before_its_time_and_the_next_time_is_known(tmp_path: Path) -> None:
    filled(tmp_path)
    box = ReceiptBox(tmp_path, seed=7)
    next_at = box.next_at()
    assert next_at is not None
    assert next_at > NOW
    assert box.due(next_at - timedelta(seconds=1)) == []
    assert box.due(next_at)[0].occurred_at == next_at


def test_an_empty_box_expects_nothing(tmp_path: Path) -> None:
    box = ReceiptBox(tmp_path, seed=7)
    assert box.next_at() is None
    assert box.due(LATER) == []


def test_a_line_still_being_written_is_left_for_the_next_time(tmp_path: Path) -> None:
    filled(tmp_path)
    whole = ReceiptBox(tmp_path, seed=7).due(LATER)
    file = next(tmp_path.glob("*.jsonl"))
    data = file.read_bytes()
    cut = data[: data.rindex(b'"channel"')]
    file.write_bytes(cut)
    box = ReceiptBox(tmp_path, seed=7)
    before = box.due(LATER)
    file.write_bytes(data)
    after = box.due(LATER)
    assert len(after) <= 1
    assert sorted(e.reference for e in before + after) == sorted(e.reference for e in whole)


def test_it_reads_the_files_of_two_workers(tmp_path: Path) -> None:
    filled(tmp_path, 20)
    mine = next(tmp_path.glob("*.jsonl"))
    mine.rename(mine.with_name("text.1.jsonl"))
    filled(tmp_path, 20, first=20)
    assert len(list(tmp_path.glob("*.jsonl"))) == 2
    both = ReceiptBox(tmp_path, seed=7).due(LATER)
    assert len({event.reference for event in both}) == len(both) > 30


def test_the_carrier_gives_the_receipts_of_its_own_outbox(tmp_path: Path) -> None:
    carrier = recording(tmp_path)
    carrier.send([message(Channel.PUPIL_POST, number) for number in (1,)], NOW)
    assert carrier.receipts(NOW) == []
    events = carrier.receipts(LATER)
    assert [event.reference for event in events] == [message(Channel.PUPIL_POST, 1).reference]
    carrier.close()


class Died(BaseException):
    """Stands for a killed process."""


def dies_before_its_lines(outbox: Path, paper: Carrier, channel: Channel, numbers: Sequence[int]) -> None:
    """A process that prints a bundle and is killed before it writes the lines: it tidies nothing up."""

    def die(*_: object) -> None:
        raise Died

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RecordingChannel, "_write", die)
        patch.setattr(Path, "unlink", lambda *_, **__: None)
        with pytest.raises(Died):
            RecordingChannel(outbox, seed=7, paper=paper).send([message(channel, n) for n in numbers], NOW)


@pytest.mark.parametrize("channel", [Channel.POST, Channel.PUPIL_POST])
def test_a_bundle_whose_process_died_before_its_lines_has_them_once_asked(
    tmp_path: Path, channel: Channel
) -> None:
    rig = RecordingRig(tmp_path, channel, paper=True)
    dies_before_its_lines(rig.outbox, PrintFolder(tmp_path / "print"), channel, range(1, 4))
    assert rig.taken() == []
    other = RecordingChannel(rig.outbox, seed=7, paper=PrintFolder(tmp_path / "print"))
    for number in (1, 2, 3):
        for carrier in (rig.carrier, other):
            assert carrier.ask(rig.message(number).reference, NOW) is not None
    assert [to for _, to in rig.taken()] == [rig.message(number).contact_value for number in (1, 2, 3)]
    other.close()
    rig.close()


def test_what_was_at_the_press_and_never_printed_is_no_message(tmp_path: Path) -> None:
    rig = RecordingRig(tmp_path, Channel.POST, paper=True)

    def die(*_: object) -> None:
        raise Died

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "unlink", lambda *_, **__: None)
        patch.setattr(PrintFolder, "submit", die)
        with pytest.raises(Died):
            rig.carrier.send([rig.message(1)], NOW)
    assert [path.suffix for path in rig.outbox.iterdir()] == [".at-the-press"]
    assert rig.carrier.ask(rig.message(1).reference, NOW) is None
    assert rig.taken() == []
    rig.carrier.send([rig.message(1)], NOW)
    assert len(rig.taken()) == 1
    assert list(rig.outbox.glob("*.at-the-press")) == []
    rig.close()
