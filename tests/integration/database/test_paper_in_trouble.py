"""A print folder that is full or gone: the mailing pauses, nothing counts that is not printed, and it continues."""

from __future__ import annotations

import errno
import io
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City, address, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
LATER = NOW + timedelta(minutes=5)


def families(count: int) -> list[dict[str, str]]:
    """Some by post, some by the child."""
    return [
        adult(f"P{n}", f"Ana Ferris {n}", HAS_CARE="no", **address(n))
        if n % 2
        else adult(f"P{n}", f"Ana Ferris {n}", CLASS=f"{n % 3}B")
        for n in range(count)
    ]


def state(city: City) -> tuple[str, str]:
    from everyfamily.mailings.models import Mailing

    mailing = Mailing.objects.get(pk=city.mailing)
    return mailing.state, mailing.paused_reason


def let_go_on(city: City) -> None:
    from everyfamily.mailings.actions.sending.pausing import resume_mailing

    resume_mailing(city.mailing, by=Actor.typed("operator"), now=LATER)
    city.send(LATER)


def printed(city: City) -> Counter[str]:
    """How often each reference stands in a manifest."""
    root = city.folder / "outbox" / "print"
    files = [*root.glob("post/*/*/bundle-*.csv"), *root.glob("pupil-post/*/lists/*.csv")]
    lines = [line.split(",") for file in files for line in file.read_text().splitlines()[1:]]
    return Counter(line[1] if line[0].isdigit() else line[0] for line in lines)


def assert_each_is_printed_once(city: City, count: int) -> None:
    from everyfamily.mailings.models import LedgerEntry

    assert set(printed(city).values()) == {1}
    accepted = {
        str(ref) for ref in LedgerEntry.objects.filter(status="accepted").values_list("reference", flat=True)
    }
    assert set(printed(city)) == accepted
    assert len(accepted) == count
    for place in (city.folder / "outbox" / "print").glob("post/*/*"):
        subprocess.run(["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"], cwd=place, check=True)


@pytest.fixture
def disk(city: City) -> Iterator[Path]:
    """The print folder on a separate file system; needs root."""
    place = city.folder / "outbox" / "print"
    place.mkdir(parents=True)
    place.parent.chmod(0o700)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k,mode=0700", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("only root may mount a file system")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_pauses_the_mailing_and_room_lets_it_go_on(city: City, disk: Path) -> None:
    city.school(URN, families(12), order=["post", "pupil post"])
    city.open()
    city.send()
    assert state(city)[0] == "paused"
    assert "No space left" in state(city)[1]
    from everyfamily.mailings.models import LedgerEntry

    counted = LedgerEntry.objects.filter(status="accepted").count()
    assert counted == len(printed(city)) < 12
    assert LedgerEntry.objects.exclude(status="accepted").exclude(status="created").count() == 0
    subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True)
    let_go_on(city)
    assert state(city)[0] == "open"
    assert_each_is_printed_once(city, 12)


def test_a_folder_that_vanished_pauses_the_mailing_until_it_is_back(city: City) -> None:
    from everyfamily.mailings.installation.carriers import carriers

    city.school(URN, families(6), order=["post", "pupil post"])
    city.open()
    carriers()
    root = city.folder / "outbox" / "print"
    root.rename(city.folder / "away")
    city.send()
    assert state(city) == ("paused", "The print folder cannot be read or written (No such file or directory).")
    assert city.outbox() == []
    (city.folder / "away").rename(root)
    let_go_on(city)
    assert_each_is_printed_once(city, 6)


@pytest.mark.parametrize("call", range(1, 14, 3))
def test_a_disk_that_fills_at_any_call_prints_each_letter_once(
    city: City, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    import os

    city.school(URN, families(6), order=["post", "pupil post"])
    city.open()
    real, left = os.fsync, [call]

    def fills(descriptor: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fills)
        city.send()
    assert state(city)[0] == "paused"
    let_go_on(city)
    assert_each_is_printed_once(city, 6)


def test_a_schools_stack_is_its_cover_sheets_and_its_copies(city: City) -> None:
    rows = [adult(f"P{n}", f"Ana Ferris {n}", CLASS=f"{n % 2 + 4}B") for n in range(5)]
    rows[4]["FORMAT"] = "large print"
    city.school(URN, rows, order=["pupil post"])
    city.open()
    city.send()
    day = city.folder / "outbox" / "print" / "pupil-post" / f"ES-2703-K7R4_{URN}" / "2027-03-02"
    assert sorted(path.name for path in day.iterdir()) == [
        "cover-sheets-large-print.pdf",
        "cover-sheets.pdf",
        "hand-out-list.csv",
        "print-both-sides-large-print.pdf",
        "print-both-sides.pdf",
    ]
    with pikepdf.open(io.BytesIO((day / "print-both-sides.pdf").read_bytes())) as stack:
        assert len(stack.pages) == 2 * (2 + 2 * 2)
    with pikepdf.open(day / "print-both-sides-large-print.pdf") as stack:
        assert len(stack.pages) == 2 + 6
    shutil.rmtree(day)
