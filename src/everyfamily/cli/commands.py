"""Every command by its name (commands.txt): where it is defined, and its line in `--help`.

`check` has to start in a fraction of a second, and most commands import Django. So none is imported before it is asked
for. A test keeps each line the same as what the command says about itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import NamedTuple

import click


class Listed(NamedTuple):
    """A command that is imported when it is called: `module:attribute` within `everyfamily.cli`, and its line of
    help."""

    defined: str
    help: str

    def load(self) -> click.Command:
        """Import what defines it."""
        module, _, attribute = self.defined.partition(":")
        command: click.Command = getattr(
            import_module(module if module.startswith("everyfamily_") else f"everyfamily.cli.{module}"), attribute
        )
        return command


def _listed() -> Iterator[tuple[str, Listed]]:
    # Every command begins with this: TOML, or only to import pathlib, takes 2 ms.
    with open(f"{__file__.rpartition('.')[0]}.txt", encoding="utf-8") as lines:  # noqa: PTH123
        for line in lines:
            name, defined, words = line.rstrip("\n").split(maxsplit=2)
            yield name, Listed(defined, words)


COMMANDS: dict[str, Listed] = dict(_listed())
