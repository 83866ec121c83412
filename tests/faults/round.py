"""One round: a small city, workers, carriers and faults, from the opening of a mailing until nothing is to be done."""

from __future__ import annotations

import json
import os
import pickle
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City
from tests.faults.carriers import HangingUp, MailServer, OtherSide, Recording, Stand
from tests.faults.faults import Decided, Script, SmallDisk, moments
from tests.faults.ground import Ground
from tests.faults.invariants import broken_promises, figures
from tests.faults.people import People
from tests.faults.storm import Storm
from tests.faults.workers import Keeper

LONGEST = 240.0
"""Seconds until a round that does not end counts as stuck."""

KINDS: dict[str, list[str]] = {
    "worker killed": ["kill one"] * 4 + ["stop one", "settle in mid-print"],
    "all workers killed": ["kill all", "kill all", "kill again", "settle in mid-print"],
    "database killed": ["kill database", "kill database twice", "kill one"],
    "connections cut": ["cut connections"] * 4 + ["kill one"],
    "worker stalled": ["stall one"] * 3 + ["kill one"],
    "unknown storm": ["kill one"],
    "mail server": ["kill one", "kill one", "stop one"],
    "notify": ["kill one", "kill one", "kill database"],
    "clock": ["clock jumps"] * 4 + ["heartbeats jump"] * 2 + ["kill one"],
    "disk full": ["kill one", "import"],
    "two people": ["two look"] * 3 + ["pause"] * 2 + ["kill one"] + ["settle in mid-print"] * 2,
    "decisions": ["object", "restrict", "leave", "object", "leave", "import", "import", "kill one"],
    "worker killed, people decide": [
        *("kill one", "object", "kill one", "restrict", "leave", "import", "kill one"),
        *("stop one", "settle in mid-print"),
    ],
    "everything": [
        *("kill one", "kill again", "kill database", "cut connections", "clock jumps", "heartbeats jump"),
        *("settle in mid-print", "two look", "pause", "object", "leave", "import"),
    ],
}
"""What happens in a round of each kind, in an order that the seed gives."""


class Round:
    """Plays one round on a ground. `broken` fills with what was promised and is not so."""

    def __init__(self, ground: Ground, kind: str, seed: int, folder: Path) -> None:
        self.ground, self.kind, self.seed = ground, kind, seed
        self.rng = random.Random(f"{kind} {seed}")
        self.folder = folder
        self.people = People(self.rng, size=18)
        self.city = City(folder)
        self.now = NOW
        self.broken: list[str] = []
        self.decided: list[Decided] = []
        self.pauses = 0
        self.storm = Storm()
        self.settled_in_mid_print = 0
        """How often that fault met a letter that was being printed."""
        self._failed: set[str] = set()
        self._nudged = 0.0
        self._disk: SmallDisk | None = None
        self.other_side = self._carriers()
        self.keeper = Keeper(
            2 + self.rng.randrange(2),
            folder,
            self.other_side.environment() | {"EVERYFAMILY_STALLED_SECONDS": "2"},
        )
        self.script = Script(self.rng, list(KINDS[kind]))

    def play(self) -> dict[str, Any]:
        """Play, check, and return the round's figures."""
        began = time.monotonic()
        try:
            self._open()
            self.script.start()
            for number, moment in enumerate(moments(NOW, asks=self.other_side.may_resend)):
                self._move_to(moment, receipts=number > 0)
                self._until_quiet(began + LONGEST)
            self._stop()
            self.broken += broken_promises(self)
            found = figures(self)
        finally:
            self.keeper.close()
            self.other_side.close()
            if self._disk is not None:
                self._disk.close()
        done = dict(sorted(self.script.done.items()))
        return (
            {"kind": self.kind, "seed": self.seed, "seconds": round(time.monotonic() - began, 1)}
            | found
            | {
                "faults": done,
                "broken": self.broken,
            }
        )

    def set_clock(self, moment: datetime) -> None:
        """Move the simulated clock, also back."""
        from everyfamily_demo.clock import set_simulated

        self.now = moment
        set_simulated(moment)

    def nudge(self) -> None:
        """What the sweep of every minute does under a real clock: begin what is due and look where there is work."""
        from everyfamily.mailings.edges.tasks import begin_school, queue_look
        from everyfamily.mailings.queries.mailings import open_mailings, schools_with_work, waves_due

        for mailing in open_mailings():
            for school in waves_due(mailing, self.now):
                begin_school.defer(mailing_id=mailing, school_id=school)
            for school in schools_with_work(mailing, self.now):
                queue_look(mailing, school)

    def with_the_carriers(self) -> set[str]:
        """References that a worker had claimed, or that the other side had, at this moment (asked in that order)."""
        claimed = self.ground.ask("SELECT reference::text FROM mailings_ledgerentry WHERE status = 'sending'")
        return {row[0] for row in claimed} | {one.reference for one in self.other_side.taken()}

    def _carriers(self) -> OtherSide:
        made: OtherSide
        if self.kind == "mail server":
            made = MailServer(self.folder, self.seed)
        elif self.kind == "unknown storm":
            made = HangingUp(self.folder, self.seed)
        elif self.kind == "notify":
            made = Stand(self.folder, self.seed)
        else:
            faults = ",refuse=0.06,silent=0.04" if self.kind in ("everything", "two people") else ""
            made = Recording(self.folder, self.seed, faults=faults)
        if self.kind == "disk full":
            self._disk = SmallDisk(made.print_folder, self.rng.choice((200, 400, 700)))
        _use(made.environment())
        return made

    def _open(self) -> None:
        self.people.fill()
        for urn, adults in self.people.by_school.items():
            self.city.school(urn, [one.row() for one in adults])
        if self.kind == "two people":
            self._press_twice()
        else:
            self.city.open()
        self.keeper.tend()
        if self._disk is not None:
            self._disk.limit(self.keeper.pids())

    def _press_twice(self) -> None:
        """Two processes press send for one letter at one moment: one opens it, the other is told."""
        from everyfamily.mailings.queries.mailings import open_mailings
        from tests.factories.city import sealed_letter

        self.set_clock(NOW)
        file = self.folder / "letter"
        file.write_bytes(pickle.dumps(sealed_letter()))
        both = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.faults.press_send", str(file)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        for one in both:
            assert one.stdout is not None
            one.stdout.readline()
        for one in both:
            assert one.stdin is not None
            one.stdin.write("\n")
            one.stdin.flush()
        answers = [json.loads(one.communicate(timeout=240)[0]) for one in both]
        opened = open_mailings()
        if len(opened) != 1 or Counter(next(iter(a)) for a in answers) != Counter(["mailing", "refused"]):
            self.broken.append(f"two people pressed send: {len(opened)} mailings, answers {answers}")
        self.city.mailing = opened[0]

    def _move_to(self, moment: datetime, *, receipts: bool) -> None:
        self.set_clock(moment)
        if receipts:
            self._hear()
            self._ask()
        self.nudge()

    def _hear(self) -> None:
        """Receipts of the recording carrier: late, in any order, some of them twice; a part of the emails fails."""
        if not isinstance(self.other_side, Recording):
            return
        from everyfamily.channels.events import DeliveryEvent
        from everyfamily.core.sending.fallback import AttemptStatus
        from everyfamily.mailings.actions.sending.receipts import record_receipts

        events = []
        for one in self.other_side.electronic():
            if one.reference in self._failed:
                continue
            self._failed.add(one.reference)
            word = self.rng.choices(("permanent-failure", "temporary-failure", "delivered", ""), (15, 5, 50, 30))[
                0
            ]
            if word:
                events.append(DeliveryEvent(one.reference, AttemptStatus(word), self.now - timedelta(minutes=5)))
                events.append(DeliveryEvent(one.reference, AttemptStatus.ACCEPTED, self.now))
        events += self.rng.sample(events, len(events) // 4)
        self.rng.shuffle(events)
        record_receipts(events, self.now)

    def _ask(self) -> None:
        """What the sweep of every five minutes does under a real clock."""
        from everyfamily.mailings.edges.tasks import ASKING
        from everyfamily.mailings.installation.carriers import carriers

        ASKING.go_on(carriers(), self.now)

    def _until_quiet(self, until: float) -> None:
        """Tend the workers and let faults happen until the workers have nothing left to do at this moment."""
        quiet_since = None
        while True:
            self.keeper.tend()
            self.script.step(self, self.other_side.count())
            self._as_a_person_does()
            if time.monotonic() > until:
                self.broken.append(f"not done after {LONGEST:.0f} s: {self._what_is_left()}")
                return
            if self._is_quiet():
                quiet_since = quiet_since or time.monotonic()
                # Of the first moments: room for faults that are still to come.
                if time.monotonic() - quiet_since > (0.25 if self.script.waiting else 0.0):
                    return
            else:
                quiet_since = None
            time.sleep(0.05)

    def _is_quiet(self) -> bool:
        from everyfamily.mailings.queries.mailings import schools_with_work, waves_due

        jobs = self.ground.ask(
            "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'mailings' AND status IN ('todo', 'doing')",
            role="default",
        )
        sending = self.ground.ask("SELECT count(*) FROM mailings_ledgerentry WHERE status = 'sending'")
        if jobs[0][0] or sending[0][0]:
            self._sweep()
            return False
        work = waves_due(self.city.mailing, self.now) or schools_with_work(self.city.mailing, self.now)
        if work:
            self._sweep()
        return not work

    def _sweep(self) -> None:
        """Every second what otherwise happens every five seconds or every minute."""
        if time.monotonic() - self._nudged < 1.0:
            return
        self._nudged = time.monotonic()
        from procrastinate.exceptions import AlreadyEnqueued

        from everyfamily.mailings.edges.tasks import rescue

        with suppress(AlreadyEnqueued):
            rescue.configure(queueing_lock="rescue").defer(timestamp=0)
        self.nudge()

    def _as_a_person_does(self) -> None:
        """Look at a paused mailing: make room on the disk, and resume it."""
        from everyfamily.mailings.queries.mailings import mailing_by_id

        mailing = mailing_by_id(self.city.mailing)
        if mailing.state != "paused":
            return
        if isinstance(self.other_side, HangingUp):
            self.storm.look(self, self.other_side)
            return
        self.pauses += 1
        if self._disk is not None:
            self._disk.make_room(self.keeper.pids())
        elif "pause" not in KINDS[self.kind] and not self.other_side.may_fail_a_letter:
            self.broken.append(f"the mailing paused: {mailing.paused_reason}")
        self.let_go_on("next-way")

    def let_go_on(self, unknown: str, taken: Collection[str] = ()) -> None:
        """A person resumes the mailing, and says the same about every unknown message that no log has."""
        from everyfamily.core.sending.fallback import Channel
        from everyfamily.mailings.actions.sending.pausing import resume_mailing
        from everyfamily.mailings.actions.sending.unknowns import Unknowns

        said = dict.fromkeys(Channel, Unknowns(unknown))
        resume_mailing(self.city.mailing, by=Actor.typed("Una Marsh"), now=self.now, unknown=said, taken=taken)

    def _what_is_left(self) -> str:
        jobs = self.ground.ask("SELECT task_name, status::text FROM procrastinate_jobs", role="default")
        ledger = self.ground.ask("SELECT channel, status, count(*) FROM mailings_ledgerentry GROUP BY 1, 2")
        return f"jobs {Counter(jobs)}, messages {ledger}"

    def _stop(self) -> None:
        for pid, code in self.keeper.stop_all():
            if code != 0:
                self.broken.append(f"at the end a worker ({pid}) stopped with code {code}")


def _use(environment: dict[str, str]) -> None:
    """Let this process ask the same carriers as the workers do: its settings were read long ago."""
    from django.conf import settings

    from everyfamily.config.carrier_choice import carrier_choice, notify_account
    from everyfamily.mailings.installation.carriers import carriers, close_carriers

    if carriers.cache_info().currsize:
        close_carriers()
    settings.EVERYFAMILY_CLOCK = "database"
    settings.EVERYFAMILY_OUTBOX = Path(environment["EVERYFAMILY_OUTBOX"])
    settings.EVERYFAMILY_CHANNELS = environment["EVERYFAMILY_CHANNELS"]
    settings.EVERYFAMILY_CARRIERS_NAMED = carrier_choice(environment)
    settings.EVERYFAMILY_NOTIFY = notify_account(environment)
    settings.EVERYFAMILY_FAULTS = {}
    settings.EVERYFAMILY_FAILURE_SHARE = float(environment["EVERYFAMILY_FAILURE_SHARE"])
    settings.EVERYFAMILY_FAILURE_LEAST = int(environment["EVERYFAMILY_FAILURE_LEAST"])


def play(ground: Ground, kind: str, seed: int) -> dict[str, Any]:
    """Play one round in its own folder, which stays if something is broken."""
    ground.wipe()
    folder = Path(f"{ground.home}-round")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    one = Round(ground, kind, seed, folder)
    found = one.play()
    if not found["broken"] or os.environ.get("EVERYFAMILY_FAULT_KEEP") != "1":
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(one.keeper.words()[-6000:], file=sys.stderr)
    return found
