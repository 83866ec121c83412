"""Where a worker runs, as the system says it: a copy has another id, another boot or another inode."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from everyfamily.mailings.installation.machine import Here, Sources, here, is_another, wall_against_boot


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    """As a system has them."""
    files = Sources(*(tmp_path / name for name in ("machine-id", "product_uuid", "boot_id")))
    files.machine_id.write_text("0123456789abcdef0123456789abcdef\n")
    files.product.write_text("3F2504E0-4F89-11D3-9A0C-0305E82C3301\n")
    files.boot.write_text("b0a1c2d3-0000-4000-8000-000000000001\n")
    return files


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    folder = tmp_path / "outbox"
    folder.mkdir()
    (folder / "sent-marker").write_text("a marker")
    return folder / "sent-marker"


def seen(marker: Path, sources: Sources) -> Here:
    with marker.open("rb") as file:
        return here(file.fileno(), marker, sources)


def test_each_source_is_one_part_and_none_is_kept_as_it_is(marker: Path, sources: Sources) -> None:
    one = seen(marker, sources)
    assert one == seen(marker, sources)
    assert [len(part) for part in (one.machine, one.boot, one.device, one.place)] == [24, 12, 12, 12]
    assert "0123456789ab" not in one.machine
    sources.boot.write_text("b0a1c2d3-0000-4000-8000-000000000002")
    rebooted = seen(marker, sources)
    assert rebooted == replace(one, boot=rebooted.boot) != one
    sources.machine_id.write_text("fedcba98")
    cloned = seen(marker, sources)
    assert cloned == replace(rebooted, machine=cloned.machine)
    assert is_another(one.machine, cloned.machine)
    assert cloned.machine[12:] == one.machine[12:]


def test_an_id_that_is_not_known_of_both_says_nothing(marker: Path, sources: Sources) -> None:
    one = seen(marker, sources)
    sources.product.unlink()
    without_product = seen(marker, sources)
    assert not is_another(one.machine, without_product.machine), "a worker that root started reads more"
    sources.machine_id.write_text("uninitialized\n")
    nothing = seen(marker, sources)
    assert nothing.machine == ""
    assert not is_another(one.machine, nothing.machine)
    sources.product.write_text("another")
    assert is_another(one.machine, seen(marker, sources).machine)
    sources.boot.unlink()
    assert seen(marker, sources).boot == ""


def test_a_copy_of_the_folder_or_of_the_marker_is_another_place(marker: Path, sources: Sources) -> None:
    one = seen(marker, sources).place
    shutil.copytree(marker.parent, marker.parent.with_name("copy"))
    assert seen(marker.parent.with_name("copy") / "sent-marker", sources).place != one
    shutil.copy2(marker, marker.with_name("again"))
    marker.with_name("again").replace(marker)
    assert seen(marker, sources).place != one
    two = seen(marker, sources).place
    marker.write_text("written again")
    assert seen(marker, sources).place == two
    marker.parent.rename(marker.parent.with_name("moved"))
    assert seen(marker.parent.with_name("moved") / "sent-marker", sources).place == two


def test_the_system_that_runs_this_test_has_a_boot_that_stays(marker: Path) -> None:
    """The real reads: what is there is as the system says it, whatever process asks."""
    one = seen(marker, Sources())
    assert one == seen(marker, Sources())
    # A machine without systemd need not have an id. Linux always has the boot.
    assert bool(one.machine[:12].strip()) == bool(_said("/etc/machine-id"))
    assert len(one.boot) == (12 if Path("/proc/sys/kernel/random/boot_id").exists() else 0)
    assert one.device and one.place


def _said(path: str) -> str:
    return Path(path).read_text().strip() if os.access(path, os.R_OK) else ""


def test_the_clocks_move_together() -> None:
    assert abs(wall_against_boot() - wall_against_boot()) < 5
