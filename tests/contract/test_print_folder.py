"""What the print folder does when an address is long, a process dies or two work at once."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
import subprocess
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest

from everyfamily.channels.base import ClassPile, Message
from everyfamily.channels.errors import CarrierBroken, FeatureNotSupported
from everyfamily.channels.post import durable
from everyfamily.channels.post.print_folder import BUNDLE, PrintFolder
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from tests.contract.rigs import BODY, NOW, SECRETS, manifests, message, press, printed_in, rows_of

LARGE = replace(BODY, key=f"{BODY.key} large print", format="large print")
FRENCH = replace(BODY, key="ES-2703-K7R4 fr 900003", language="fr")
SCHOOL = "pupil-post/ES-2703-K7R4_900003"
DAY = f"{SCHOOL}/2027-03-02"


def post(number: int, **changed: object) -> Message:
    return replace(message(Channel.POST, number), **changed)  # type: ignore[arg-type]


def by_hand(number: int, group: str = "4B", **changed: object) -> Message:
    return replace(message(Channel.PUPIL_POST, number), group=group, **changed)  # type: ignore[arg-type]


def too_long(number: int) -> Message:
    return post(number, address=("Amina Testing", "x" * 41, "EM4 7QX"))


def files_in(folder: Path) -> list[str]:
    """Names of everything but locks, relative to the folder."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return sorted(str(path.relative_to(folder)) for path in found)


def hand_out_list(folder: Path, day: str = DAY) -> list[dict[str, str]]:
    return rows_of(folder / day / "hand-out-list.csv")


def pages_of(pdf: Path) -> int:
    with pikepdf.open(pdf) as document:
        return len(document.pages)


# ---- post ------------------------------------------------------------------------------------------------------


def test_a_manifest_names_each_letter_and_the_file_it_is_in(tmp_path: Path) -> None:
    sent = [post(number) for number in (1, 2, 3)]
    PrintFolder(tmp_path).send(sent, NOW)
    [manifest] = manifests(tmp_path)
    rows = rows_of(manifest)
    printed = (manifest.parent / rows[0]["file"]).read_bytes()
    assert [row["reference"] for row in rows] == [one.reference for one in sent]
    assert [row["position"] for row in rows] == ["1", "2", "3"]
    assert {row["sha256"] for row in rows} == {hashlib.sha256(printed).hexdigest()}
    assert {(row["postage"], row["sheets"]) for row in rows} == {("second", "1")}
    assert printed_in(printed) == [list(one.address) for one in sent]


def test_a_print_house_is_told_no_more_than_it_needs(tmp_path: Path) -> None:
    PrintFolder(tmp_path).send([post(1)], NOW)
    texts = [path.read_text() for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".pdf"]
    assert len(texts) >= 3
    assert not any(part in text for text in texts for part in SECRETS)
    [manifest] = manifests(tmp_path)
    assert list(rows_of(manifest)[0]) == ["position", "reference", "postage", "sheets", "file", "sha256"]


@pytest.mark.parametrize("postage", ["first", "second", "economy"])
def test_each_postage_has_a_folder_of_its_own(tmp_path: Path, postage: str) -> None:
    PrintFolder(tmp_path).send([post(1, body=replace(BODY, postage=postage))], NOW)
    [manifest] = manifests(tmp_path)
    assert str(manifest.parent.relative_to(tmp_path)) == f"post/{postage}/ES-2703-K7R4_en_900003"
    assert rows_of(manifest)[0]["postage"] == postage
    assert f"Postage:  {postage}\n" in (manifest.parent / "READ-ME.txt").read_text()


def checks(folder: Path) -> str:
    """What `sha256sum -c` says; it ends with an error where a sum is wrong or a file is missing."""
    done = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_checksums_are_what_sha256sum_takes(tmp_path: Path) -> None:
    carrier = PrintFolder(tmp_path)
    for numbers in ((1, 2), (3,)):
        carrier.send([post(number) for number in numbers], NOW)
    place = manifests(tmp_path)[0].parent
    assert checks(place).count(": OK\n") == 4
    pdf = next(place.glob("*.pdf"))
    pdf.write_bytes(pdf.read_bytes() + b" ")
    with pytest.raises(subprocess.CalledProcessError):
        checks(place)


def read_me(folder: Path) -> dict[str, str]:
    text = (folder / "READ-ME.txt").read_text()
    return {key: value.strip() for key, _, value in (line.partition(": ") for line in text.splitlines()) if value}


def test_the_totals_are_those_of_the_manifests(tmp_path: Path) -> None:
    carrier = PrintFolder(tmp_path)
    carrier.send([post(number) for number in range(1, 4)], NOW)
    carrier.send([post(4), too_long(5)], NOW)
    place = manifests(tmp_path)[0].parent
    said = read_me(place)
    assert (said["Letters"], said["Bundles"]) == ("4", "2")
    assert said["Sheets"].startswith("4 ")
    for manifest in manifests(tmp_path):
        assert rows_of(manifest)[0]["file"] in (place / "READ-ME.txt").read_text()


def test_no_cell_of_a_hand_out_list_begins_a_formula(tmp_path: Path) -> None:
    PrintFolder(tmp_path).send([by_hand(1, "=1+1", to="@SUM(A1)")], NOW)
    [manifest] = manifests(tmp_path)
    for [row] in (rows_of(manifest), hand_out_list(tmp_path)):
        assert (row["class"], row["pupil_id"]) == ("'=1+1", "'@SUM(A1)")


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
    assert files_in(tmp_path) == []


def test_a_bundle_holds_at_most_a_hundred(tmp_path: Path) -> None:
    carrier = PrintFolder(tmp_path)
    assert carrier.batch_of(Channel.POST) == BUNDLE == 100
    with pytest.raises(ValueError, match="up to 100"):
        carrier.send([post(number) for number in range(101)], NOW)


# ---- crashes ---------------------------------------------------------------------------------------------------


class Died(BaseException):
    """Stands for the power going."""


def dies_before(patch: pytest.MonkeyPatch, name: str) -> None:
    """Have the process die as it is about to give a file this name (a part of it)."""
    rename = Path.rename

    def renames(self: Path, target: Path) -> Path:
        if name in target.name:
            raise Died
        return rename(self, target)

    patch.setattr(Path, "rename", renames)


def steps_of(send: Callable[[], object], folder: Path) -> int:
    """How many files a call renames."""
    names: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        rename = Path.rename
        patch.setattr(Path, "rename", lambda self, to: (names.append(to.name), rename(self, to))[1])
        send()
    shutil.rmtree(folder)
    return len(names)


def dies_at(step: int, send: Callable[[], object]) -> None:
    """Run a call whose process dies as it is about to rename its file number `step`."""
    rename = Path.rename
    left = [step]

    def renames(self: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] < 0:
            raise Died
        return rename(self, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "rename", renames)
        with pytest.raises(Died):
            send()


def test_a_crash_between_letters_and_manifest_means_it_never_had_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, pytest.raises(Died):
        dies_before(patch, ".csv")
        PrintFolder(tmp_path).send([post(1), post(2)], NOW)
    assert len(list(tmp_path.rglob("*.pdf"))) == 1
    after = PrintFolder(tmp_path)
    assert after.ask(post(1).reference, NOW) is None
    after.send([post(3)], NOW)
    assert len(list(tmp_path.rglob("*.pdf"))) == 1, "the bundle that does not count is gone"
    assert after.ask(post(1).reference, NOW) is None
    assert after.ask(post(3).reference, NOW) is not None


@pytest.mark.parametrize("step", range(4))
def test_checksums_and_totals_agree_with_the_manifests_after_any_crash(tmp_path: Path, step: int) -> None:
    root = tmp_path / "print"
    assert steps_of(lambda: PrintFolder(root).send([post(1)], NOW), root) == 4
    PrintFolder(root).send([post(1)], NOW)
    dies_at(step, lambda: PrintFolder(root).send([post(2), post(3)], NOW))
    # What a rescue does: it asks about everything that the dead worker had in hand.
    after = PrintFolder(root)
    known = [number for number in (1, 2, 3) if after.ask(post(number).reference, NOW) is not None]
    place = manifests(root)[0].parent
    listed = [row["reference"] for manifest in manifests(root) for row in rows_of(manifest)]
    assert sorted(listed) == sorted(post(number).reference for number in known)
    assert read_me(place)["Letters"] == str(len(known))
    assert checks(place).count(": OK\n") == 2 * len(manifests(root))
    assert len(known) == (1 if step < 2 else 3)


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


def test_a_manifest_that_is_taken_away_counts_no_longer(tmp_path: Path) -> None:
    carrier = PrintFolder(tmp_path)
    carrier.send([post(1)], NOW)
    carrier.send([post(2)], NOW)
    assert carrier.ask(post(1).reference, NOW) is not None
    next(path for path in manifests(tmp_path) if post(1).reference in path.name).unlink()
    assert carrier.ask(post(1).reference, NOW) is None
    assert carrier.ask(post(2).reference, NOW) is not None


# ---- pupil post ------------------------------------------------------------------------------------------------


def test_a_class_has_one_pile_a_day_however_many_calls_it_took(tmp_path: Path) -> None:
    carrier = PrintFolder(tmp_path)
    carrier.send([by_hand(2, "10B"), by_hand(1, "9A")], NOW)
    carrier.send([by_hand(3, "10B")], NOW + timedelta(hours=1))
    assert files_in(tmp_path / DAY) == ["cover-sheets.pdf", "hand-out-list.csv", "print-both-sides.pdf"]
    rows = hand_out_list(tmp_path)
    assert [(row["class"], row["pupil_id"]) for row in rows] == [
        ("9A", "adult-1"),
        ("10B", "adult-2"),
        ("10B", "adult-3"),
    ]
    assert {row["handed_over"] for row in rows} == {""}
    assert [row["reference"] for row in rows] == [by_hand(number).reference for number in (1, 2, 3)]
    # Two classes with a cover of two pages each, three letters of two pages.
    assert pages_of(tmp_path / DAY / "print-both-sides.pdf") == 2 * 2 + 3 * 2
    assert printed_in((tmp_path / SCHOOL / "letter-en.pdf").read_bytes()) == [[]]
    assert "print-both-sides.pdf" in (tmp_path / SCHOOL / "READ-ME.txt").read_text()


def test_what_comes_the_next_day_is_a_pile_of_its_own(tmp_path: Path) -> None:
    carrier = PrintFolder(tmp_path)
    carrier.send([by_hand(1)], NOW)
    before = (tmp_path / DAY / "print-both-sides.pdf").read_bytes()
    carrier.send([by_hand(2)], NOW + timedelta(days=1))
    assert (tmp_path / DAY / "print-both-sides.pdf").read_bytes() == before
    [row] = hand_out_list(tmp_path, f"{SCHOOL}/2027-03-03")
    assert row["pupil_id"] == "adult-2"


def test_large_print_and_languages_are_told_apart(tmp_path: Path) -> None:
    seen: list[ClassPile] = []

    def covers(piles: Sequence[ClassPile]) -> bytes:
        seen[:] = piles
        assert BODY.covers is not None
        return BODY.covers(piles)

    carrier = PrintFolder(tmp_path)
    carrier.send([by_hand(1), by_hand(2)], NOW)
    carrier.send([by_hand(3, body=replace(FRENCH, covers=covers))], NOW)
    [pile] = seen
    assert [(one.language, one.format, one.pupils) for one in pile.copies] == [
        ("en", "standard", ("adult-1", "adult-2")),
        ("fr", "standard", ("adult-3",)),
    ]
    assert pages_of(tmp_path / DAY / "print-both-sides.pdf") == 2 + 3 * 2
    carrier.send([by_hand(4, body=replace(LARGE, covers=covers))], NOW)
    [pile] = seen
    assert [(one.format, one.pupils) for one in pile.copies] == [("large print", ("adult-4",))]
    assert pages_of(tmp_path / DAY / "print-both-sides.pdf") == 2 + 3 * 2
    assert pages_of(tmp_path / DAY / "print-both-sides-large-print.pdf") == 2 + 2
    assert len(hand_out_list(tmp_path)) == 4
    assert {"letter-en.pdf", "letter-fr.pdf", "letter-en-large-print.pdf"} <= set(files_in(tmp_path / SCHOOL))


def test_every_copy_begins_on_a_fresh_sheet(tmp_path: Path) -> None:
    def three_pages(addresses: Sequence[tuple[str, ...]]) -> bytes:
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(press([*addresses, ()]))) as pdf:
            del pdf.pages[-1]
            pdf.save(out)
        return out.getvalue()

    PrintFolder(tmp_path).send([by_hand(n, body=replace(BODY, press=three_pages)) for n in (1, 2)], NOW)
    assert pages_of(tmp_path / DAY / "print-both-sides.pdf") == 2 + 2 * 4


def test_what_the_office_filled_in_stays(tmp_path: Path) -> None:
    carrier = PrintFolder(tmp_path)
    carrier.send([by_hand(1)], NOW)
    file = tmp_path / DAY / "hand-out-list.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b",,,", b",yes,2027-03-02,"))
    carrier.send([by_hand(2)], NOW)
    assert [(row["handed_over"], row["handed_over_on"]) for row in hand_out_list(tmp_path)] == [
        ("yes", "2027-03-02"),
        ("", ""),
    ]


@pytest.mark.parametrize("later", [timedelta(), timedelta(days=1)])
@pytest.mark.parametrize("step", range(4))
def test_a_pile_holds_exactly_what_counts_after_any_crash(tmp_path: Path, step: int, later: timedelta) -> None:
    root = tmp_path / "print"
    PrintFolder(root).send([by_hand(1)], NOW)
    dies_at(step, lambda: PrintFolder(root).send([by_hand(2)], NOW))
    after = PrintFolder(root)
    assert after.ask(by_hand(1).reference, NOW) is not None
    assert after.ask(by_hand(2).reference, NOW) is None
    # So the process that settles it sends it again.
    after.send([by_hand(2)], NOW + later)
    rows = [row for day in sorted((root / SCHOOL).glob("2027-*")) for row in rows_of(day / "hand-out-list.csv")]
    assert [row["pupil_id"] for row in rows] == ["adult-1", "adult-2"]
    for day in (root / SCHOOL).glob("2027-*"):
        count = len(rows_of(day / "hand-out-list.csv"))
        assert pages_of(day / "print-both-sides.pdf") == 2 + 2 * count
    assert not any(name.endswith(".part") for name in files_in(root))


def test_a_day_of_which_nothing_counts_is_emptied(tmp_path: Path) -> None:
    dies_at(5, lambda: PrintFolder(tmp_path).send([by_hand(1)], NOW))
    assert len(hand_out_list(tmp_path)) == 1
    PrintFolder(tmp_path).send([by_hand(1)], NOW + timedelta(days=1))
    assert hand_out_list(tmp_path) == []
    assert files_in(tmp_path / DAY) == ["hand-out-list.csv"]


def test_two_workers_do_not_take_each_others_half_written_copy(tmp_path: Path) -> None:
    place = tmp_path / SCHOOL
    place.mkdir(parents=True)
    (place / "letter-en.pdf.17.part").write_bytes(b"half of ano")
    PrintFolder(tmp_path).send([by_hand(2)], NOW)
    assert printed_in((place / "letter-en.pdf").read_bytes()) == [[]]
    assert not (place / "letter-en.pdf.17.part").exists()


# ---- disks and rights ------------------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_written_pauses_the_mailing(tmp_path: Path) -> None:
    carrier = PrintFolder(tmp_path / "print")
    (tmp_path / "print").rmdir()
    (tmp_path / "print").write_bytes(b"")
    with pytest.raises(CarrierBroken) as caught:
        carrier.send([post(1)], NOW)
    assert not any(part in "".join(traceback.format_exception(caught.value)) for part in SECRETS)


@pytest.mark.parametrize("make", [post, by_hand])
def test_a_folder_that_vanished_is_not_one_that_never_had_it(
    tmp_path: Path, make: Callable[[int], Message]
) -> None:
    carrier = PrintFolder(tmp_path / "print")
    carrier.send([make(1)], NOW)
    (tmp_path / "print").rename(tmp_path / "away")
    with pytest.raises(CarrierBroken):
        carrier.ask(make(1).reference, NOW)
    with pytest.raises(CarrierBroken):
        carrier.send([make(2)], NOW)
    assert not (tmp_path / "print").exists()
    (tmp_path / "away").rename(tmp_path / "print")
    carrier.send([make(2)], NOW)
    assert carrier.ask(make(1).reference, NOW) is not None
    assert carrier.ask(make(2).reference, NOW) is not None


@pytest.mark.parametrize("make", [post, by_hand])
@pytest.mark.parametrize("call", ["write", "fsync", "rename"])
def test_a_disk_that_fills_at_any_call_leaves_nothing_half_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[int], Message], call: str
) -> None:
    """The first, the second, the third ... of the calls fails, until one send needs fewer."""
    carrier = PrintFolder(tmp_path)
    carrier.send([make(1)], NOW)
    owner = {"write": durable, "fsync": os, "rename": Path}[call]
    name = "_write" if call == "write" else call
    real = getattr(owner, name)
    for step in range(30):
        left = [step]

        def fails(*given: object, left: list[int] = left) -> object:
            left[0] -= 1
            if left[0] == -1:
                raise OSError(28, "No space left on device", *map(str, given[:1]))
            return real(*given)

        with monkeypatch.context() as patch:
            patch.setattr(owner, name, fails)
            try:
                carrier.send([make(2), make(3)], NOW)
                break
            except CarrierBroken as problem:
                assert "No space left" in problem.fact
                assert not any(part in "".join(traceback.format_exception(problem)) for part in SECRETS)
        assert carrier.ask(make(2).reference, NOW) is None
        assert carrier.ask(make(1).reference, NOW) is not None
        assert not any(name.endswith(".part") for name in files_in(tmp_path))
        assert_the_files_agree(tmp_path, [1], make)
    assert 2 < step < 29
    assert carrier.ask(make(2).reference, NOW) is not None
    assert_the_files_agree(tmp_path, [1, 2, 3], make)


def assert_the_files_agree(folder: Path, numbers: Sequence[int], make: Callable[[int], Message]) -> None:
    rows = [row for manifest in manifests(folder) for row in rows_of(manifest)]
    assert sorted(row["reference"] for row in rows) == sorted(make(number).reference for number in numbers)
    if make is post:
        place = manifests(folder)[0].parent
        assert read_me(place)["Letters"] == str(len(numbers))
        assert checks(place).count(": OK\n") == 2 * len(manifests(folder))
    else:
        assert [row["pupil_id"] for row in hand_out_list(folder)] == [f"adult-{number}" for number in numbers]
        assert pages_of(folder / DAY / "print-both-sides.pdf") == 2 + 2 * len(numbers)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A separate file system of 64 kB; needs root."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k,mode=0700", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("only root may mount a file system")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("make", [post, by_hand])
def test_a_disk_that_is_really_full_takes_all_of_a_bundle_or_nothing(
    tiny_disk: Path, make: Callable[[int], Message]
) -> None:
    carrier = PrintFolder(tiny_disk / "print")
    taken = []
    for number in range(1, 500):
        try:
            carrier.send([make(number)], NOW)
        except CarrierBroken as problem:
            assert "No space left" in problem.fact
            break
        taken.append(number)
    assert 0 < len(taken) < 400
    assert carrier.ask(make(number).reference, NOW) is None
    assert_the_files_agree(tiny_disk / "print", taken, make)
    subprocess.run(["mount", "-o", "remount,size=4m", str(tiny_disk)], check=True)
    carrier.send([make(number)], NOW)
    assert_the_files_agree(tiny_disk / "print", [*taken, number], make)


def test_a_folder_without_rights_is_neither_written_nor_taken_for_empty(tmp_path: Path) -> None:
    """As an ordinary user: root may do anything."""
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("setpriv is not there")
    root = tmp_path / "print"
    PrintFolder(root).send([post(1)], NOW)
    place = manifests(root)[0].parent
    for forbidden in (place, place.parent, root / "post"):
        forbidden.chmod(0)
        try:
            with as_nobody(root):
                carrier = PrintFolder(root)
                for call in (lambda: carrier.ask(post(1).reference, NOW), lambda: carrier.send([post(2)], NOW)):  # noqa: B023
                    with pytest.raises(CarrierBroken):
                        call()
        finally:
            forbidden.chmod(0o700)
    assert PrintFolder(root).ask(post(2).reference, NOW) is None


class as_nobody:  # noqa: N801 - reads as a sentence
    """Give a folder to an ordinary user, and be that user for a while. Where we are one already: nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        if os.getuid() == 0:
            for path in (self._folder, *self._folder.rglob("*")):
                os.chown(path, 65534, 65534)
            self._opened = [one for one in self._folder.parents if one.stat().st_uid == 0 and one != Path("/tmp")]
            self._modes = [(one, one.stat().st_mode) for one in self._opened]
            for one, mode in self._modes:
                if not mode & 0o001:
                    one.chmod(mode | 0o011)
            os.seteuid(65534)

    def __exit__(self, *_: object) -> None:
        if os.getuid() == 0:
            os.seteuid(0)
            for one, mode in self._modes:
                one.chmod(mode)


# ---- the press -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("problem", [EveryfamilyError("Three pages.", "Cut it."), RuntimeError("12 Lantern Row")])
def test_a_press_that_fails_pauses_the_mailing(tmp_path: Path, problem: Exception) -> None:
    def broken(_: object) -> bytes:
        raise problem

    bodies = [(Channel.POST, "press"), (Channel.PUPIL_POST, "press"), (Channel.PUPIL_POST, "covers")]
    for channel, what in bodies:
        with pytest.raises(CarrierBroken) as caught:
            PrintFolder(tmp_path).send([message(channel, 1, body=replace(BODY, **{what: broken}))], NOW)
        assert not any(part in "".join(traceback.format_exception(caught.value)) for part in SECRETS)
    assert files_in(tmp_path) == []


@pytest.mark.parametrize(
    ("channel", "what"), [(Channel.POST, "press"), (Channel.PUPIL_POST, "press"), (Channel.PUPIL_POST, "covers")]
)
def test_a_body_without_a_press_cannot_be_printed(tmp_path: Path, channel: Channel, what: str) -> None:
    with pytest.raises(FeatureNotSupported):
        PrintFolder(tmp_path).send([message(channel, 1, body=replace(BODY, **{what: None}))], NOW)


def test_a_list_can_be_read_by_any_spreadsheet(tmp_path: Path) -> None:
    PrintFolder(tmp_path).send([by_hand(1, "Room 4, left")], NOW)
    with (tmp_path / DAY / "hand-out-list.csv").open(newline="") as file:
        [header, row] = list(csv.reader(file))
    assert len(header) == len(row) == 7
    assert row[0] == "Room 4, left"
