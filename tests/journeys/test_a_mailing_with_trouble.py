"""Story: a coordinator plans waves, a school is held, another is stopped, an email bounces, a number dies, and a
correction goes to exactly those who had it. Typed commands, two real workers, a real mail server, a mailbox of bounces.

The days are simulated; the commands' own clock is today's, as for anybody who types them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON
from tests.contract.mail_server import MailServer
from tests.factories.city import REFERENCE, City, address, adult, sealed_letter
from tests.integration.conftest import city, database, database_server

pytestmark = [pytest.mark.database, pytest.mark.slow]
__all__ = ["city", "database", "database_server"]

DEMO = Path(__file__).parents[2] / "src/everyfamily_demo/data"
BOUNCE = Path(__file__).parents[1] / "fuzz/corpus/bounces/exim_gone.eml"
BOUNCE_IS_OF = "6f1d2c3a-8f54-4a7e-9c1b-2f0e5d6a7b8c"
RIGHT = "ES-2703-C0R2"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2027-03-{text}").replace(tzinfo=LONDON)


def letter_folder(place: Path, reference: str) -> Path:
    """A sealed letter as it travels."""
    from everyfamily.letters.files.folder import write_seal

    seal, artefacts, _ = sealed_letter(reference)
    for name, data in artefacts.items():
        file = place / "files" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    write_seal(place, seal)
    return place


@dataclass
class Office:
    """The coordinator's desk: commands to type, days that pass, and what the other side holds."""

    city: City
    folder: Path
    server: MailServer
    workers: list[subprocess.Popen[bytes]]

    def types(self, *words: str) -> str:
        from everyfamily.cli.main import main

        done = CliRunner().invoke(main, list(words))
        assert done.exit_code == 0, done.output
        return done.output

    def passes_to(self, moment: datetime) -> None:
        """The simulated clock moves, and the workers do what a minute's sweep would have given them."""
        from everyfamily.mailings.edges.tasks import begin_school, queue_look, take_in_receipts
        from everyfamily.mailings.queries.mailings import open_mailings, schools_with_work, waves_due
        from everyfamily_demo.clock import set_simulated

        set_simulated(moment)
        take_in_receipts(moment)
        for mailing in open_mailings():
            for school in waves_due(mailing, moment):
                begin_school.defer(mailing_id=mailing, school_id=school)
            self.works()
            while schools := schools_with_work(mailing, moment):
                for school in schools:
                    queue_look(mailing, school)
                self.works()

    def works(self) -> None:
        from django.db import connection

        until = time.monotonic() + 60
        while time.monotonic() < until:
            assert all(worker.poll() is None for worker in self.workers)
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'mailings'")
                if cursor.fetchone() == (0,):
                    return
            time.sleep(0.02)
        pytest.fail("the workers did not end: " + (self.folder / "workers.log").read_text())

    def emails(self, since: int = 0) -> Counter[str]:
        """How many emails each inbox got, after the first so many."""
        return Counter(one.to for one in self.server.script.taken[since:])

    def printed(self, reference: str) -> int:
        """Letters in bundles of the print folder."""
        manifests = (self.folder / "outbox/print").glob(f"post/**/{reference}_*/bundle-*.csv")
        return sum(len(manifest.read_text().splitlines()) - 1 for manifest in manifests)

    def bounces(self, to: str) -> None:
        [taken] = [one for one in self.server.script.taken if one.to == to]
        reference = taken.sender.partition("+")[2].partition("@")[0]
        letter = BOUNCE.read_bytes().replace(BOUNCE_IS_OF.encode(), reference.encode())
        (self.folder / "bounces/new" / f"1.{reference}").write_bytes(letter)

    def outcomes(self, reference: str = REFERENCE) -> dict[str, int]:
        counted: dict[str, int] = json.loads(self.types("coverage", "--reference", reference, "--json"))[
            "outcomes"
        ]
        return {name: count for name, count in counted.items() if count}


@pytest.fixture
def office(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Four schools of three families each, a mail server, a bounce mailbox and two workers."""
    from django.conf import settings

    from everyfamily.mailings.installation.carriers import carriers
    from everyfamily_demo.clock import set_simulated

    for part in ("tmp", "new", "cur"):
        (tmp_path / "bounces" / part).mkdir(parents=True)
    server = MailServer().start()
    environment = {
        "EVERYFAMILY_CHANNELS": "smtp",
        "EVERYFAMILY_SMTP_HOST": "127.0.0.1",
        "EVERYFAMILY_SMTP_PORT": str(server.port),
        "EVERYFAMILY_BOUNCES_TO": "bounces@letters.example.org",
        "EVERYFAMILY_BOUNCE_MAILBOX": f"maildir:{tmp_path / 'bounces'}",
        "EVERYFAMILY_OUTBOX": str(tmp_path / "outbox"),
        "EVERYFAMILY_CLOCK": "database",
        "EVERYFAMILY_STALLED_SECONDS": "3",
    }
    # This process reads the mailbox, as the workers' sweep would.
    bounces = {"to": environment["EVERYFAMILY_BOUNCES_TO"], "mailbox": environment["EVERYFAMILY_BOUNCE_MAILBOX"]}
    monkeypatch.setattr(settings, "EVERYFAMILY_CHANNELS", "smtp")
    monkeypatch.setattr(settings, "EVERYFAMILY_BOUNCES", bounces | {"password": ""})
    carriers.cache_clear()
    for urn in range(900001, 900005):
        rows = [
            adult(f"P{n}", f"Ana Ferris{urn}{n}", EMAIL=f"ana{n}@{urn}.example.org", **address(urn + n))
            for n in range(3)
        ]
        city.school(urn, rows, order=["email", "post"], attests=False)
    set_simulated(at("01T12:00"))
    command = [sys.executable, "-m", "everyfamily.cli.main", "worker"]
    with (tmp_path / "workers.log").open("ab") as log:
        workers = [
            subprocess.Popen(command, env=os.environ | environment, stdout=log, stderr=log) for _ in range(2)
        ]
    yield Office(city, tmp_path, server, workers)
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.wait(timeout=240)
    server.stop()


def attest(city: City, moment: datetime, *urns: int) -> None:
    from everyfamily.people.actions.schools.schools import attest_school

    for urn in urns:
        attest_school(city.schools[urn], by=Actor.typed("lead"), now=moment)


def test_a_wave_plan_a_hold_a_bounce_and_a_correction(office: Office, tmp_path: Path) -> None:
    letter = letter_folder(tmp_path / "letter", REFERENCE)
    shutil.copytree(DEMO, tmp_path / "partnership")
    file = tmp_path / "partnership/partnership.toml"
    text = file.read_text(encoding="utf-8").replace("calls_a_day = 60 ", "calls_a_day = 3 ")
    file.write_text(text.replace("calls_per_1000 = 3 ", "calls_per_1000 = 500 "), encoding="utf-8")
    words = ("send", str(letter), "--sealing-key", sealed_letter(REFERENCE)[2], "--partnership", str(file))
    words += ("--opens", "2027-03-02T09:00", "--by", "Coordinator")

    # The plan: six families a day, so two schools a day, on two mornings.
    plan = office.types(*words, "--plan")
    assert "Wave 1: Tuesday 2 March 2027, 09:00: 2 schools, 6 children, about 3 calls." in plan
    assert "Wave 2: Wednesday 3 March 2027, 09:00: 2 schools, 6 children, about 3 calls." in plan
    office.types(*words)
    assert office.emails() == {}

    # Tuesday: one of the two has attested. The other holds, and is a task of its lead.
    attest(office.city, at("02T09:00"), 900001)
    office.passes_to(at("02T09:00"))
    assert {to.partition("@")[2] for to in office.emails()} == {"900001.example.org"}
    assert office.outcomes() == {"on_its_way": 9, "not_reached": 3}
    assert "school 900002: the school has not attested. Designated safeguarding lead." in office.types("tasks")

    # A bounce in the night is noticed in the night, and nothing is sent.
    office.bounces("ana1@900001.example.org")
    office.passes_to(at("02T23:00"))
    assert (office.printed(REFERENCE), sum(office.emails().values())) == (0, 3)

    # Before Wednesday's wave somebody stops one school's part. At nine paper follows the bounce.
    pause = (
        "pause",
        "--reference",
        REFERENCE,
        "--school",
        "900004",
        "--why",
        "wrong roll",
        "--by",
        "Pat Example",
    )
    office.types(*pause)
    attest(office.city, at("03T07:00"), 900002, 900003, 900004)
    office.passes_to(at("03T09:00"))
    assert office.printed(REFERENCE) == 1
    sent_for = {f"{urn}.example.org" for urn in (900001, 900002, 900003)}
    assert {to.partition("@")[2] for to in office.emails()} == sent_for
    assert office.outcomes() == {"on_its_way": 9, "not_reached": 3}

    # A number in the letter does not answer. Nine families have it: eight by email, one on paper.
    withdraw = (
        "withdraw",
        "--reference",
        REFERENCE,
        "--why",
        "the front door's number is dead",
        "--by",
        "Pat Example",
        "--agreed-by",
        "Bo Example",
    )
    said = office.types(*withdraw)
    assert "Adults who have it: email 8, post 1." in said
    office.passes_to(at("03T10:00"))
    assert sum(office.emails().values()) == 9
    before = len(office.server.script.taken)
    assert office.outcomes() == {"on_its_way": 9, "not_reached": 3}

    # The correction goes to exactly those nine, by the way by which each had it, also on a Thursday.
    right = letter_folder(tmp_path / "right", RIGHT)
    key = sealed_letter(RIGHT)[2]
    office.types("send", str(right), "--sealing-key", key, "--corrects", REFERENCE, "--by", "Coordinator")
    office.passes_to(at("04T08:00"))
    assert len(office.server.script.taken) == before
    office.passes_to(at("04T09:00"))
    corrected = office.emails(since=before)
    assert sum(corrected.values()) == 8
    assert corrected.keys() == office.emails().keys() - {"ana1@900001.example.org"}
    assert office.printed(RIGHT) == 1
    assert (
        max(corrected.values())
        == max(Counter(one.to for one in office.server.script.taken[:before]).values())
        == 1
    )

    # Three quiet days later the correction is accepted by those eight, and the paper is still coming.
    office.passes_to(at("08T09:00"))
    assert office.outcomes(RIGHT) == {"accepted": 8, "on_its_way": 1}
