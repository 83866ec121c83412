"""Which report to run in each system that schools use (exports.toml): for pages beside the upload, and for the docs."""

from __future__ import annotations

from dataclasses import dataclass

from everyfamily.core.files.data_tables import load_rows, load_table


@dataclass(frozen=True, slots=True)
class Export:
    """One system's export. Words between two pairs of asterisks are bold."""

    name: str
    slug: str
    run: str
    holds: str
    lost: str
    sure: str
    fits: str = ""
    """Its name in systems.toml, if its files are known by their headings."""


def in_every_system() -> tuple[str, ...]:
    """What counts for an export of any system, in the order in which it is done."""
    return tuple(one["step"] for one in load_table(__file__)["in_every_system"])


def exports() -> tuple[Export, ...]:
    """Every system that we know something about."""
    return load_rows(Export, __file__, table="system")
