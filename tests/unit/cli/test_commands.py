"""The table of commands says what the commands say of themselves, and importing it imports none of them."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from everyfamily.cli.commands import COMMANDS
from everyfamily.cli.main import main
from tests.factories.each import each

LONG = 1000


@each("name", COMMANDS)
def test_the_line_of_help_is_the_commands_own(name: str) -> None:
    command = COMMANDS[name].load()
    assert isinstance(command, click.Command)
    assert (command.name, command.get_short_help_str(LONG)) == (name, COMMANDS[name].help)


def test_help_shows_every_command() -> None:
    help_text = main.get_help(click.Context(main))
    assert all(f"\n  {name} " in help_text for name in COMMANDS)


def test_an_unknown_command_is_refused() -> None:
    assert main.get_command(click.Context(main), "chekc") is None


@pytest.mark.slow
def test_checking_a_document_from_outside_imports_nothing_heavy() -> None:
    """What it may not import takes most of a second together; `check` is to start in less than half of one."""
    heavy = (
        *("django", "pydantic", "typst", "rich", "jinja2", "cryptography", "pikepdf", "phonenumbers"),
        "everyfamily.letters",
    )
    script = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from everyfamily.cli.main import main\n"
        "done = CliRunner().invoke(main, ['check', '-', '--stdin-name', 'a.txt'], input='Dear parents, hello.')\n"
        "assert 'a.txt' in done.output, done.output\n"
        f"print([name for name in {heavy!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
