"""Only audit/security_events.py has the logger of security events, because only it keeps people out of its lines."""

from __future__ import annotations

import ast
import re

from everyfamily.audit.security_events import LOGGER
from tests.factories.each import each
from tests.repo.files import ROOT
from tests.repo.named import named, texts_of

SRC = ROOT / "src"
DOOR = "everyfamily/audit/security_events.py"
KNOWS_ITS_NAME = "everyfamily/config/security_log.py"
"""Says where the lines go. It gets no logger."""
_TOLD = re.compile(rf"getLogger|getChild|\bLOGGER\b|{re.escape(LOGGER)}")


def breaks_in(source: str) -> list[str]:
    """Loggers that a module gets by a name of ours or one that is computed, and what has the name of the logger."""
    tree = ast.parse(source)
    asked = [
        ast.unparse(call.args[0])
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and call.args and _name(call.func) in {"getLogger", "getChild"}
    ]
    loggers = [name for name in asked if name != "__name__" and not _is_another_librarys(name)]
    ours = [text for text in texts_of(tree) if text.startswith(LOGGER)]
    return loggers + ours + sorted(name for name in named(tree) if name.endswith("security_events.LOGGER"))


def _name(called: ast.expr) -> str:
    return ast.unparse(called).rpartition(".")[2]


def _is_another_librarys(name: str) -> bool:
    return name[0] in "'\"" and not name[1:].startswith("everyfamily")


def test_nobody_else_has_the_logger() -> None:
    # To parse every module takes seconds.
    texts = {path.relative_to(SRC).as_posix(): path.read_text("utf-8") for path in SRC.rglob("*.py")}
    told = {path: text for path, text in texts.items() if _TOLD.search(text)}
    found = {path: breaks for path, text in told.items() if (breaks := breaks_in(text))}
    assert found.pop(DOOR)
    assert found.pop(KNOWS_ITS_NAME) == ["everyfamily.audit.security_events.LOGGER"]
    assert found == {}, "log it by everyfamily.audit.security_events"


@each(
    "source, found",
    [
        (
            'import logging\nlog = logging.getLogger("everyfamily.security")',
            ["'everyfamily.security'", LOGGER],
        ),
        ('log = getLogger("everyfamily").getChild("security")', ["'everyfamily'"]),
        ("NAME = f'{a}'\nlog = logging.getLogger(NAME)", ["NAME"]),
        (
            "from everyfamily.audit import security_events as s\nlog = logging.getLogger(s.LOGGER)",
            ["s.LOGGER", "everyfamily.audit.security_events.LOGGER"],
        ),
        ("log = logging.getLogger(__name__)\nother = logging.getLogger('imapclient')", []),
        ('"""everyfamily.security"""', []),
    ],
)
def test_each_way_to_it_is_found(source: str, found: list[str]) -> None:
    assert breaks_in(source) == found
