"""On which machine this process runs, since which start of it, and which file its marker is.

A copy of a machine has the same database and the same marker, so neither can show that it is a copy. These can: a
machine has an id, each of its starts (boots) has one, and a file that was copied has another inode. They are kept as
digests, because an id of a machine is nobody else's business. What the system does not tell is "", and says nothing.

In a container the id is the container's if it has one, and the boot is the host's.
"""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the system says it. Source: https://www.freedesktop.org/software/systemd/man/latest/machine-id.html and
    https://docs.kernel.org/admin-guide/sysctl/kernel.html#random."""

    machine_id: Path = Path("/etc/machine-id")
    product: Path = Path("/sys/class/dmi/id/product_uuid")
    """The virtual machine's own id. Most systems let only root read it."""
    boot: Path = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Here:
    """Where a process runs, and with which marker."""

    machine: str
    """Digests of the machine's id and of its product's, one after the other. One that is not known is all blanks."""
    boot: str
    device: str
    """Of the marker's disk. Disks may be numbered in another way after a boot, so it counts only within one."""
    place: str
    """The inodes of the marker and of its folder. They are the same for all machines that share it."""


def here(marker: int, path: Path, sources: Sources) -> Here:
    """As the system says now. `marker` is the open file."""
    file, folder = os.fstat(marker), path.parent.stat()
    machine = "".join(_digest(_said(source)).ljust(_LENGTH) for source in (sources.machine_id, sources.product))
    return Here(
        machine.rstrip(),
        _digest(_said(sources.boot)),
        _digest(str(file.st_dev)),
        _digest(f"{file.st_ino} {folder.st_ino}"),
    )


def is_another(machine: str, other: str) -> bool:
    """Whether two machines differ in an id that is known of both."""
    return any(one and two and one != two for one, two in zip(_ids(machine), _ids(other), strict=True))


def wall_against_boot() -> float:
    """By how many seconds the wall clock is ahead of the time since boot, in which a sleep of the machine counts too.

    It jumps if somebody sets the clock, and when a snapshot of a running machine goes on.
    """
    return time.time() - time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _ids(machine: str) -> tuple[str, str]:
    return machine[:_LENGTH].strip(), machine[_LENGTH:]


def _said(source: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        said = source.read_text().strip()
        # As systemd has it until the end of the first boot.
        return "" if said == "uninitialized" else said
    return ""


def _digest(text: str) -> str:
    return hashlib.sha256(f"everyfamily {text}".encode()).hexdigest()[:_LENGTH] if text else ""
