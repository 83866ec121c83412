"""Story: people follow a page word for word, from an empty database: a council's IT officer the pages on schools and
rolls, the coordinator of the letters that on the worst hour.

The pages' own blocks are taken out and run: an indented block or one of `sh` is typed into a shell, where each line
must end with exit 0; a block of csv or json is saved. A comment above a block says what the page cannot:
`<!-- file: NAME -->` under which name it is saved, `<!-- exit N -->` with which code its last line ends, and
`<!-- not run: WHY -->` that it cannot be followed literally.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from everyfamily.core.calendar.academic_year import AcademicYear
from everyfamily_postgres.throwaway import mark
from tests.factories.confirming import confirmed
from tests.factories.homes import new_home
from tests.factories.made_once import begin_as_a_copy

pytestmark = [pytest.mark.database, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
GIAS = ROOT / "tests/data/gias"
DEMO = ROOT / "src/everyfamily_demo/data"
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
        line = confirmed(line, self.folder)
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
def officer(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Officer]:
    # The server's own account must be able to enter the home, so it is not in pytest's folder.
    home = new_home()
    mark(home, "tests")
    if request.node.get_closest_marker("nightly") is None:
        # With the tables of the run, if they are made by now: the demonstration makes them from nothing too.
        begin_as_a_copy(home)
    officer = Officer(tmp_path, home)
    yield officer
    subprocess.run(
        [sys.executable, "-m", "everyfamily_postgres", "stop"], env=officer.environment, check=True, timeout=240
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


@pytest.mark.nightly
def test_a_roll_comes_in_and_its_lead_decides_as_the_pages_say(officer: Officer) -> None:
    officer.follows("import-a-roll")
    assert officer.typed >= 15
    assert "4 of 4 rows went in (everyfamily template, CSV): 3 children, 4 adults." in officer.said
    assert "EF204" in officer.said
    assert "2 of 2 rows went in (mapped by the school, CSV)" in officer.said
    assert "Attested for Harbour Primary School. This counts for 24 hours." in officer.said
    officer.said = ""
    officer.follows("decide-about-restrictions")
    assert "Ruth Sample (grandparent): hold" in officer.said
    assert "was: hold. It is now: none." in officer.said
    assert "It is now: do not send." in officer.said
    assert "Left: 1 child." in officer.said
    assert "Nothing more is sent because of this child." in officer.said
    assert "They get letters again." in officer.said


class Sender:
    """The office's worker, and what its carrier accepted."""

    def __init__(self, officer: Officer) -> None:
        self._officer = officer
        self._home = Path(officer.environment["EVERYFAMILY_HOME"])

    def messages(self) -> Counter[str]:
        files = sorted((self._home / "outbox").glob("*.jsonl"))
        return Counter(json.loads(line)["to"] for file in files for line in file.read_text().splitlines())

    def sends_until(self, count: int) -> None:
        """Run a worker until the carrier has this many messages, and a little longer."""
        log = self._officer.folder / "worker.log"
        with log.open("ab") as out:
            worker = subprocess.Popen(
                ["everyfamily", "worker"],
                cwd=self._officer.folder,
                env=self._officer.environment,
                stdout=out,
                stderr=out,
                executable=str(Path(sys.executable).parent / "everyfamily"),
            )
        try:
            until = time.monotonic() + 150
            while self.messages().total() < count:
                assert worker.poll() is None, log.read_text()
                assert time.monotonic() < until, f"{self.messages().total()} of {count} messages went"
                time.sleep(0.2)
            time.sleep(2)
            worker.terminate()
            assert worker.wait(timeout=240) == 0, log.read_text()
        finally:
            worker.kill()
            worker.wait()


@pytest.mark.nightly
def test_a_backup_is_put_back_and_the_letters_go_on_as_the_page_says(officer: Officer) -> None:
    officer.types(
        Block(
            "sh", "everyfamily master-key master.key\nexport EVERYFAMILY_MASTER_KEY_FILE=$HOME/master.key\n", ""
        )
    )
    subprocess.run(
        [sys.executable, "-m", "tests.factories.open_today", str(officer.folder)],
        env=officer.environment | {"PYTHONPATH": str(ROOT)},
        check=True,
        timeout=120,
    )
    paused = (
        "everyfamily pause --reference ES-2703-K7R4 --school 900002 --why 'its roll is late' --by 'Pat Example'"
    )
    officer._types(paused, 0)
    sender = Sender(officer)
    for block in blocks("back-up-and-restore"):
        if block.note.startswith("not run: "):
            continue
        if block.text.startswith("python -m everyfamily_postgres stop\nmv"):
            # Between the backup and the day on which it is needed, one school's letters go.
            sender.sends_until(8)
        officer.types(block)
    assert "EF570" in officer.said
    assert "8 adults at 1 school: they had it, and nothing more is sent to them." in officer.said
    assert "8 adults at 1 school: their letter is sent when the mailing continues." in officer.said
    assert sender.messages().total() == 8
    officer._types("everyfamily resume --reference ES-2703-K7R4 --school 900002 --by 'Pat Example'", 0)
    sender.sends_until(16)
    assert set(sender.messages().values()) == {1}
    assert len(sender.messages()) == 16
    assert (officer.folder / "elsewhere/sent-marker").is_file()


PAPER, ITSELF = 100001, 100002
A_SENT_LETTER = """
# The day before: a letter that two classes have on paper, one school sends itself, and a family has by email.
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from everyfamily.config.start import prepare

prepare()
from everyfamily.core.actors import Actor
from everyfamily.letters.actions.sealed_letters import record_sealed_letter
from everyfamily.letters.files.folder import read_artefacts, read_seal
from everyfamily.mailings.actions.planning.opening import open_mailing
from everyfamily.mailings.actions.planning.planning import begin_wave
from everyfamily.mailings.edges.tasks import look_at_school
from everyfamily.people.actions.schools.schools import NewSchool, add_schools, attest_school
from everyfamily.people.edges.roll_imports import import_roll
from everyfamily.people.queries import school_by_urn
from tests.factories.city import adult, roll_csv

now = datetime.now(UTC)
for urn, sends in ((100001, "us"), (100002, "school")):
    new = NewSchool(
        urn=urn, name=f"Quayfield School {urn}", kind="state primary", phase="Primary", sends=sends, roll_expected=30,
        lead_role="Designated safeguarding lead", channel_policy={"order": ["email", "pupil post"]},
        demonstration=True,
    )
    add_schools([new], by=Actor.typed("test"), now=now)
school = school_by_urn(100001).id
rows = [adult(f"P{n}", f"Ana Ferris {n}", CLASS="4B" if n < 3 else "5C") for n in range(5)]
rows.append(adult("P5", "Ben Marsh", CLASS="5C", EMAIL="ben@example.org"))
Path("roll.csv").write_bytes(roll_csv(100001, rows))
import_roll(Path("roll.csv"), urn=100001, by=Actor.typed("test"), now=now)
attest_school(school, by=Actor.typed("lead"), now=now)
seal = read_seal(Path("wrong-letter/seal.json"))
files = read_artefacts(Path("wrong-letter"), seal.record)
record_sealed_letter(seal, files, sealing_key=sys.argv[1], by=Actor.typed("test"), now=now)
opened = open_mailing(
    reference="ES-2703-K7R4", term="spring term 2027", waves={school: (1, now)}, closes_at=now + timedelta(days=42),
    reply_mailbox="letters@eastmere.example", reply_owner="Family letters team", by=Actor.typed("test"), now=now,
)
begin_wave(opened.id, school, now)
look_at_school(mailing_id=opened.id, school_id=school)
"""


class Coordinator(Officer):
    """Follows the page as on the day it is read: its days are moved by whole weeks, so that its Monday is the next."""

    def __init__(self, folder: Path, home: Path) -> None:
        super().__init__(folder, home)
        self.weeks = timedelta(weeks=(datetime.now(UTC).date() - date(2027, 3, 1)).days // 7)
        self.monday = date(2027, 3, 8) + self.weeks
        self.opens_on, self.closes_on = self.monday - timedelta(weeks=1), self.monday + timedelta(days=25)
        if AcademicYear.of(self.opens_on) != AcademicYear.of(self.closes_on):
            pytest.skip("a term lies in one academic year, and none can begin and end round next Monday")
        self.environment |= {
            "EVERYFAMILY_SECRET_KEY": "a key that only this test knows, and long enough",
            "PYTHONPATH": str(ROOT),
        }

    def moved(self, text: str) -> str:
        """The text with its days as of now."""
        days = re.compile(r"\b20\d\d-[01]\d-[0-3]\d(?!\d)")
        moved = days.sub(lambda found: str(date.fromisoformat(found[0]) + self.weeks), text)
        return moved.replace("spring-2027", f"spring-{self.opens_on.year}")

    def year_plan(self) -> str:
        """One term round next Monday, with its half-term the week after."""
        return f"""
[[terms]]
season = "spring"
opens_on = {self.opens_on}
closes_on = {self.closes_on}
half_term_from = {self.monday + timedelta(weeks=1)}
half_term_to = {self.monday + timedelta(days=11)}
topic = "child-sexual-exploitation"
about = "child sexual exploitation"
send_week = {self.monday}
"""

    def types(self, block: Block) -> None:
        super().types(Block(block.kind, self.moved(block.text), block.note))

    def line(self, line: str) -> str:
        """Type one line that is on no page; what it said."""
        before = len(self.said)
        self._types(line, 0)
        return self.said[before:]

    def has_sent_the_wrong_letter(self) -> None:
        """Keys, the partnership's file, the sealed letter with its seal published, and schools that have it. Then the
        right number is put into the file, as the page says in words."""
        for file in DEMO.glob("*.svg"):
            shutil.copy(file, self.folder)
        (self.folder / "packs").symlink_to(ROOT / "packs")
        (self.folder / "passphrase").write_text("a passphrase of four words\n", encoding="utf-8")
        text = self.moved((DEMO / "partnership.toml").read_text(encoding="utf-8"))
        text = text.partition("# ---- The year plan")[0] + self.year_plan()
        for name in ("council", "police", "sealing"):
            made = self.line(f"everyfamily key --out {name}.pem --passphrase-file passphrase").splitlines()[-1]
            if name != "sealing":
                text = text.replace('# public_key = "…"', made, 1)
            else:
                self.environment["KEY"] = made.split('"')[1]
        partnership = self.folder / "partnership.toml"
        partnership.write_text(text, encoding="utf-8")
        self.line(
            "everyfamily compose packs/child-sexual-exploitation --partnership partnership.toml "
            f"--term spring-{self.opens_on.year} --reference ES-2703-K7R4 --out wrong-letter"
        )
        for who, key in (("childrens-services", "council"), ("police", "police")):
            self.line(
                f"everyfamily approve wrong-letter --signatory {who} --key {key}.pem --passphrase-file passphrase"
            )
        self.line("everyfamily seal wrong-letter --key sealing.pem --passphrase-file passphrase")
        self.line("mkdir seals && cp wrong-letter/seal.json seals/ES-2703-K7R4.json")
        self.line("everyfamily master-key master.key")
        self.environment["EVERYFAMILY_MASTER_KEY_FILE"] = str(self.folder / "master.key")
        (self.folder / "sent.py").write_text(A_SENT_LETTER, encoding="utf-8")
        self.line('python sent.py "$KEY"')
        partnership.write_text(text.replace("0151 496 0120", "0151 496 0125"), encoding="utf-8")
        self.said = ""


@pytest.fixture
def coordinator(tmp_path: Path) -> Iterator[Coordinator]:
    home = new_home()
    one = Coordinator(tmp_path, home)
    yield one
    subprocess.run(
        [sys.executable, "-m", "everyfamily_postgres", "stop"], env=one.environment, check=True, timeout=240
    )
    shutil.rmtree(home, ignore_errors=True)


@pytest.mark.nightly
def test_the_worst_hour_goes_as_the_page_says(coordinator: Coordinator) -> None:
    coordinator.has_sent_the_wrong_letter()
    coordinator.follows("withdraw-and-correct")
    said = coordinator.said
    assert "Adults who have it: email 1." in said
    assert "Copies still in schools, not handed over as far as we know: 5." in said
    assert f"{PAPER}: copies of a withdrawn letter" in said
    assert "3 copies handed over" in said
    assert "2 copies binned" in said
    assert f"may have sent it: {ITSELF}" in said
    assert "ES-2703-K7R4 was withdrawn on" in said
    assert "It corrects ES-2703-K7R4, which was withdrawn on" in said
    assert "It takes the place of ES-2703-K7R4" in said
    assert "It goes to the adults who had ES-2703-K7R4, and to nobody else." in said
    term = f"spring-{coordinator.opens_on.year}"
    page = (coordinator.folder / "public-site/public" / term / "index.html").read_text(encoding="utf-8")
    assert "ES-2703-N3W5" in page
    assert "We withdrew that letter." in page
    assert "01514960120" not in re.sub(r"\s", "", page)
    assert (coordinator.folder / "bin-100001.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    "page", ["import-schools", "import-a-roll", "decide-about-restrictions", "withdraw-and-correct"]
)
def test_every_command_of_a_page_is_in_a_block_that_is_followed(page: str) -> None:
    text = (ROOT / f"docs/howto/{page}.md").read_text(encoding="utf-8")
    lines = re.findall(r"^(?:    )?(everyfamily .+)$", text, flags=re.MULTILINE)
    followed = "\n".join(block.text for block in blocks(page))
    assert lines
    assert [line for line in lines if line not in followed] == []
