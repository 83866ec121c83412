"""Story: a council's IT officer follows the pages on schools and rolls, word for word, from an empty database.

The pages' own blocks are taken out and run: an indented block or one of `sh` is typed into a shell, where each line
must end with exit 0; a block of csv or json is saved. A comment above a block says what the page cannot:
`<!-- file: NAME -->` under which name it is saved, `<!-- exit N -->` with which code its last line ends, and
`<!-- not run: WHY -->` that it cannot be followed literally.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from everyfamily.embedded.throwaway import mark

pytestmark = [pytest.mark.database, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
GIAS = ROOT / "tests/data/gias"
FENCED = r"```(?P<kind>\w+)\n(?P<fenced>(?:(?!```).*\n)*)```\n"
INDENTED = r"(?P<indented>(?:    .+\n)+)"
BLOCK = re.compile(rf"\n(?:<!-- (?P<note>[^>\n]+) -->\n)?(?:{FENCED}|{INDENTED})")
COMMANDS = {"sh", ""}


@dataclass(frozen=True)
class Block:
    """One block of a page: what it is, what it holds, and the comment above it."""

    kind: str
    text: str
    note: str


def blocks(page: str) -> Iterator[Block]:
    text = (ROOT / f"docs/howto/{page}.md").read_text(encoding="utf-8")
    for found in BLOCK.finditer(text):
        indented = re.sub(r"^    ", "", found["indented"] or "", flags=re.MULTILINE)
        yield Block(found["kind"] or "", found["fenced"] or indented, found["note"] or "")


class Officer:
    """Has a folder, an empty home, and a shell that stays open from block to block."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "EVERYFAMILY_HOME": str(home),
            "LANG": "C.UTF-8",
            "COLUMNS": "80",
        }
        self.said = ""
        self.typed = 0

    def follows(self, page: str) -> None:
        """Save and type every block of a page, in its order."""
        for block in blocks(page):
            if block.note.startswith("not run: "):
                continue
            if block.kind in COMMANDS:
                self.types(block)
            else:
                assert block.note.startswith("file: "), (
                    f"{page}: under which name is this saved? {block.text[:60]}"
                )
                (self.folder / block.note.removeprefix("file: ")).write_text(block.text, encoding="utf-8")

    def types(self, block: Block) -> None:
        code = int(block.note.removeprefix("exit ")) if block.note.startswith("exit ") else 0
        for line in block.text.splitlines():
            self._types(line, code)

    def _types(self, line: str, code: int) -> None:
        # `export` must reach the next line, as it does in a shell that stays open.
        done = subprocess.run(
            ["bash", "-c", f'{line}\ncode=$?; env -0 > "$HOME/.env"; exit $code'],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        said = done.stdout + done.stderr
        assert done.returncode == code, f"{line}\nexit {done.returncode}\n{said}"
        exported = (self.folder / ".env").read_text(encoding="utf-8").split("\0")
        self.environment = dict(one.split("=", 1) for one in exported if "=" in one)
        self.said += f"$ {line}\n{said}"
        self.typed += 1


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[Officer]:
    # The server's own account must be able to enter the home, so it does not lie in pytest's folder.
    home = Path(f"/tmp/ef-{secrets.token_hex(4)}")
    mark(home, "tests")
    officer = Officer(tmp_path, home)
    yield officer
    subprocess.run(
        [sys.executable, "-m", "everyfamily.embedded", "stop"], env=officer.environment, check=True, timeout=60
    )
    shutil.rmtree(home, ignore_errors=True)


def download_the_national_list(folder: Path) -> None:
    """What the site of the national list gives, from the samples."""
    names = {
        "edubasealldata20260901_FICTIONAL_cp1252.csv": "edubasealldata20260901.csv",
        "links_edubasealldata20260901_FICTIONAL.csv": "links_edubasealldata20260901.csv",
    }
    with zipfile.ZipFile(folder / "results.zip", "w") as results:
        for sample, name in names.items():
            shutil.copy(GIAS / sample, folder / name)
            results.write(GIAS / sample, name)


def test_schools_come_in_as_the_page_says(officer: Officer) -> None:
    download_the_national_list(officer.folder)
    officer.follows("import-schools")
    assert officer.typed >= 5
    assert "999001 Example High School" in officer.said
    assert "888888  Children at schools outside the area" in officer.said


def test_a_roll_comes_in_and_its_lead_decides_as_the_pages_say(officer: Officer) -> None:
    officer.follows("import-a-roll")
    assert officer.typed >= 15
    assert "4 of 4 rows went in (everyfamily template, CSV): 3 children, 4 adults." in officer.said
    assert "EF204" in officer.said
    assert "2 of 2 rows went in (mapped by the school, CSV)" in officer.said
    assert "Attested for Harbour Primary School; it counts for 24 hours." in officer.said
    officer.said = ""
    officer.follows("decide-about-restrictions")
    assert "Ruth Sample (grandparent): hold" in officer.said
    assert "was: hold. It is now: none." in officer.said
    assert "It is now: do not send." in officer.said
    assert "Left: 1 child." in officer.said
    assert "Nothing more is sent because of this child." in officer.said
    assert "They get letters again." in officer.said


@pytest.mark.parametrize("page", ["import-schools", "import-a-roll", "decide-about-restrictions"])
def test_every_command_of_a_page_is_in_a_block_that_is_followed(page: str) -> None:
    text = (ROOT / f"docs/howto/{page}.md").read_text(encoding="utf-8")
    lines = re.findall(r"^(?:    )?(everyfamily .+)$", text, flags=re.MULTILINE)
    followed = "\n".join(block.text for block in blocks(page))
    assert lines
    assert [line for line in lines if line not in followed] == []
