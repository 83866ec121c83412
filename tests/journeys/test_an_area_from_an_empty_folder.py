"""Story: somebody who has not seen everyfamily sets up an area from the page, from an empty folder to a rehearsal.

The page is followed word for word. What it cannot say is done here: a passphrase is given by a file, what `key` printed
is put where the page says, a worker runs for as long as it must, and days are moved to the present.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from everyfamily_postgres.throwaway import mark
from tests.factories.homes import new_home
from tests.journeys.test_howtos_from_an_empty_database import ROOT, Block, Officer, blocks

pytestmark = [pytest.mark.database, pytest.mark.slow]

CHECKED = "2026-11-26"
LAST_DAY = date(2027, 3, 25)
PAGE = "set-up-your-area"


def moved(text: str, today: date) -> str:
    """The page's days: what was checked was checked today, and its term has not ended. Weekdays stay."""
    years = 0
    while LAST_DAY + timedelta(weeks=52 * years) < today:
        years += 1

    def move(found: re.Match[str]) -> str:
        if found[0] == CHECKED:
            return today.isoformat()
        return (date.fromisoformat(found[0]) + timedelta(weeks=52 * years)).isoformat()

    text = re.sub(r"\d{4}-\d{2}-\d{2}", move, text)
    return text.replace("spring-2027", f"spring-{(date(2027, 1, 4) + timedelta(weeks=52 * years)).year}")


class Coordinator(Officer):
    """An officer who also has a passphrase, and a second terminal with a worker."""

    def __init__(self, folder: Path, home: Path) -> None:
        super().__init__(folder, home)
        (folder / "packs").symlink_to(ROOT / "packs")
        (folder / "passphrase.txt").write_text("five plain words of nobody else\n")

    def follows(self, page: str) -> None:
        for block in blocks(page):
            text = moved(block.text, date.today())
            if block.note.startswith("not run: "):
                if block.text == "everyfamily worker\n":
                    self.works(until=lambda: len(self.sent()) == 2)
                continue
            if block.kind == "sh":
                self.types(Block(block.kind, text, block.note))
            else:
                (self.folder / block.note.removeprefix("file: ")).write_text(text, encoding="utf-8")

    def _types(self, line: str, code: int) -> None:
        words = line.split()[:2]
        before = len(self.said)
        if words in (["everyfamily", "key"], ["everyfamily", "approve"], ["everyfamily", "seal"]):
            line += " --passphrase-file passphrase.txt"
        super()._types(line, code)
        if words == ["everyfamily", "key"]:
            self._keeps_key(line, self.said[before:])

    def _keeps_key(self, line: str, said: str) -> None:
        public = re.search(r'public_key = "([^"]+)"', said)
        assert public is not None
        if "sealing" in line:
            self.environment["SEALING_KEY"] = public[1]
            return
        file = self.folder / "partnership.toml"
        file.write_text(file.read_text().replace('# public_key = "…"', public[0], 1))

    def hears(self, line: str) -> str:
        before = len(self.said)
        self.types(Block("sh", f"{line}\n", ""))
        return self.said[before:]

    def works(self, until: Callable[[], bool]) -> None:
        """A worker in a second terminal."""
        worker = subprocess.Popen(["everyfamily", "worker"], cwd=self.folder, env=self.environment)
        try:
            deadline = time.monotonic() + 60
            while not until():
                assert time.monotonic() < deadline, self.said
                time.sleep(0.2)
        finally:
            worker.terminate()
            worker.wait(timeout=240)

    def sent(self) -> list[str]:
        files = (self.folder / "outbox").glob("*.jsonl")
        return [json.loads(line)["to"] for file in files for line in file.read_text().splitlines()]


@pytest.fixture
def coordinator(tmp_path: Path) -> Iterator[Coordinator]:
    home = new_home()
    mark(home, "tests")
    coordinator = Coordinator(tmp_path, home)
    yield coordinator
    subprocess.run(
        [sys.executable, "-m", "everyfamily_postgres", "stop"],
        env=coordinator.environment,
        check=True,
        timeout=240,
    )
    shutil.rmtree(home, ignore_errors=True)


@pytest.mark.nightly
def test_an_area_is_set_up_and_rehearsed_as_the_page_says(coordinator: Coordinator) -> None:
    coordinator.follows(PAGE)
    said = coordinator.said
    assert "Still to do: 6 things." in said
    assert "Nothing is missing." in said
    assert "NM-2703-K7R4 is sealed" in said
    assert "as a rehearsal" in said
    assert sorted(coordinator.sent()) == ["+447700900104", "amina@example.com"]
    families = said[said.index("families --school") :]
    assert "child S-1" in families
    assert "child S-2" in families

    # And with a parent on the roll, whom the coordinator's list does not have.
    roll = coordinator.folder / "staff.csv"
    parent = "900003,S-3,7,7B,Bo Parent,mother,yes,yes,none,parent@example.org,\n"
    roll.write_text(roll.read_text() + parent)
    coordinator.types(Block("sh", "everyfamily import roll staff.csv --school 900003\n", ""))
    coordinator.types(Block("sh", 'everyfamily attest --school 900003 --by "Letters coordinator"\n', ""))
    coordinator.works(until=lambda: "This is a rehearsal" in coordinator.hears("everyfamily tasks"))
    assert "parent@example.org" not in coordinator.sent()


def test_every_command_of_the_page_is_in_a_block() -> None:
    text = (ROOT / f"docs/howto/{PAGE}.md").read_text(encoding="utf-8")
    lines = re.findall(r"^(everyfamily .+)$", text, flags=re.MULTILINE)
    inside = "\n".join(block.text for block in blocks(PAGE))
    assert lines
    assert [line for line in lines if line not in inside] == []
