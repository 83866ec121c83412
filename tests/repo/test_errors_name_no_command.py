"""Below the command line no text names a command or an option: a screen shows the same texts.

The command's own words are in `cli/hints.toml`, by the code of the error.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from everyfamily.cli.commands import COMMANDS
from everyfamily.core.files.data_tables import load_table
from everyfamily.core.next_steps import Next
from tests.repo.files import ROOT

SRC = ROOT / "src"
HINTS = load_table(str(SRC / "everyfamily/cli/hints.py"))
CODES, STEPS = HINTS["codes"], HINTS["steps"]
FOR_A_TERMINAL = (
    "everyfamily/checks/report",  # the report that `check` prints, and its pages
    "everyfamily/checks/model/context.py",  # what a rule needs, in that report
    "everyfamily_postgres/launcher.py",  # options of initdb
    "everyfamily_postgres/os_user.py",  # options of useradd
    "everyfamily/rendering/kit_guide.py",  # a page for a terminal
    "everyfamily/parentsite/export.py",  # which command wrote a file
    "everyfamily/parentsite/server_files.py",
)
_NAMES = "|".join(sorted(map(re.escape, COMMANDS), key=len, reverse=True))
COMMAND = re.compile(rf"`everyfamily |: everyfamily (?:{_NAMES})\b|(?<![\w<!-])--[a-z]")


def texts() -> Iterator[tuple[str, str]]:
    for file in sorted(SRC.rglob("*.py")):
        name = file.relative_to(SRC).as_posix()
        if name.startswith(("everyfamily/cli/", "everyfamily_demo/", *FOR_A_TERMINAL)):
            continue
        tree = ast.parse(file.read_text("utf-8"))
        comments = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in comments:
                yield f"{name}:{node.lineno}", node.value
    for file in sorted(SRC.rglob("*.toml")):
        name = file.relative_to(SRC).as_posix()
        if not name.startswith(("everyfamily/cli/", "everyfamily_demo/", *FOR_A_TERMINAL)):
            yield from ((name, line) for line in file.read_text("utf-8").splitlines() if not line.startswith("#"))


def test_no_text_below_the_command_line_names_a_command_or_an_option() -> None:
    assert [(where, text) for where, text in texts() if COMMAND.search(text)] == []


@pytest.mark.parametrize("text", ["See `everyfamily tasks`.", "See it: everyfamily tasks", "Give --by."])
def test_the_test_sees_a_command(text: str) -> None:
    assert COMMAND.search(text)


def test_every_hint_names_a_code_that_there_is() -> None:
    sources = "\n".join(file.read_text("utf-8") for file in SRC.rglob("*.py") if file.name != "hints.py")
    assert [code for code in CODES if f'"{code}"' not in sources] == []


def test_every_hint_names_commands_that_there_are() -> None:
    texts = (*CODES.values(), *STEPS.values())
    named = {word for text in texts for word in re.findall(r"\beveryfamily ([a-z-]+)", text)}
    assert named - set(COMMANDS) == set()


def test_every_next_step_has_something_to_type() -> None:
    assert set(STEPS) == {step.name for step in Next}
