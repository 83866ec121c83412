"""The faults of a round: each is something that happens while the workers work. Which, and when, the seed says."""

from __future__ import annotations

import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from everyfamily.core.actors import Actor
from tests.faults.ground import between
from tests.faults.people import Adult

if TYPE_CHECKING:
    from tests.faults.round import Round


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person said about an adult in mid-send; `before` are messages that were with the carriers by then."""

    what: str
    adult: Adult
    before: frozenset[str]


@dataclass
class Script:
    """What is still to happen, and when the next does: after this many more messages, or after this long."""

    rng: random.Random
    waiting: list[str]
    done: Counter[str] = field(default_factory=Counter)
    _at_taken: int = 0
    _at_time: float = 0.0

    def start(self) -> None:
        self.rng.shuffle(self.waiting)

    def step(self, round_: Round, taken: int) -> None:
        """Do the next thing if its moment has come; none before the first message has gone."""
        if taken and not self._at_time:
            self._next(taken)
        elif taken and self.waiting and (taken >= self._at_taken or time.monotonic() >= self._at_time):
            what = self.waiting.pop()
            FAULTS[what](round_)
            self.done[what] += 1
            self._next(taken)

    def _next(self, taken: int) -> None:
        self._at_taken = taken + self.rng.randint(2, 16)
        self._at_time = time.monotonic() + between(self.rng, 0.6, 3.0)


def _kill_one(round_: Round) -> None:
    round_.keeper.kill_one(round_.rng)


def _kill_all(round_: Round) -> None:
    round_.keeper.kill_all()


def _stall_one(round_: Round) -> None:
    """A worker stands still for longer than the limit, and meanwhile another starts, which removes it."""
    round_.keeper.stall_one(round_.rng, between(round_.rng, 2.5, 3.5))


def _kill_again(round_: Round) -> None:
    """A worker is killed, and the one that replaces it is killed in the middle of settling what it left."""
    round_.keeper.kill_all()
    round_.keeper.tend()
    time.sleep(between(round_.rng, 0.9, 2.2))
    round_.keeper.kill_all()


def _stop_one(round_: Round) -> None:
    """SIGTERM: the page in hand is finished, and nothing is left open."""
    round_.keeper.tend()
    pid, code = round_.keeper.stop_one(round_.rng)
    left = round_.ground.ask(
        "SELECT count(*) FROM mailings_ledgerentry WHERE status = 'sending' AND worker LIKE %s", [f"%:{pid}:%"]
    )
    if left[0][0]:
        round_.broken.append(
            f"a worker that was told to stop (code {code}) left {left[0][0]} messages in sending"
        )
    if code != 0:
        round_.broken.append(f"a worker that was told to stop ended with code {code}")


def _settle_in_mid_print(round_: Round) -> None:
    """Somebody settles what the dead left while a live worker prints: what it has in hand is not theirs to settle.

    Our own table is asked only here. A bundle has the name of its first message, so one that is printed twice is one
    file, and the other side does not show it.
    """
    from everyfamily.mailings.edges.tasks import settle

    until = time.monotonic() + 4
    paper = "('post', 'pupil post')"
    printing = f"SELECT id, worker FROM mailings_ledgerentry WHERE status = 'sending' AND channel IN {paper}"
    while time.monotonic() < until:
        round_.keeper.tend()
        live = {str(pid) for pid in round_.keeper.pids()}
        held = [row for row, worker in round_.ground.ask(printing) if worker.split(":")[1] in live]
        if held:
            settle()
            taken = round_.ground.ask(
                "SELECT count(*) FROM mailings_ledgerentry WHERE id = ANY(%s) "
                "AND (status = 'created' OR reason = 'the worker stopped in mid-send')",
                [held],
            )[0][0]
            # One that lost its sign of life ends by itself, and is no live one.
            time.sleep(0.1)
            round_.keeper.tend()
            if taken and live <= {str(pid) for pid in round_.keeper.pids()}:
                round_.broken.append(f"{taken} messages were settled while their worker lived")
            round_.settled_in_mid_print += 1
            return
        time.sleep(0.005)


def _kill_database(round_: Round) -> None:
    round_.ground.kill_database(between(round_.rng, 0.0, 1.0))


def _kill_database_twice(round_: Round) -> None:
    """Again while the workers find their way back."""
    _kill_database(round_)
    time.sleep(between(round_.rng, 0.0, 1.5))
    _kill_database(round_)


def _cut_connections(round_: Round) -> None:
    """Some of the workers' connections end, and others of the same worker do not."""
    pids = [
        row[0]
        for row in round_.ground.ask(
            "SELECT pid FROM pg_stat_activity WHERE usename = 'everyfamily_app' AND pid <> pg_backend_pid()",
            role="default",
        )
    ]
    cut = [pid for pid in pids if round_.rng.random() < 0.4]
    round_.ground.ask(
        "SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS one (pid)", [cut], role="default"
    )


def _clock_jumps(round_: Round) -> None:
    """Forward by minutes, or back by hours, while messages are being sent."""
    minutes = round_.rng.choice((7, 45, -20, -130, -200))
    round_.set_clock(round_.now + timedelta(minutes=minutes))


def _heartbeats_jump(round_: Round) -> None:
    """As if the server's own clock had jumped: every live worker looks stalled, or alive for a day to come."""
    hours = round_.rng.choice((-24, 24))
    round_.ground.ask(
        "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat + %s * interval '1 hour' RETURNING id",
        [hours],
        role="default",
    )
    round_.nudge()


def _two_look(round_: Round) -> None:
    """Every worker is told to begin, and to look at, the same schools at one time."""
    from everyfamily.mailings.edges.tasks import begin_school, look_at_school

    for school in round_.city.schools.values():
        for task in (begin_school, look_at_school, look_at_school):
            task.defer(mailing_id=round_.city.mailing, school_id=school)


def _pause_and_go_on(round_: Round) -> None:
    """One person pauses while another sends; while it is paused, nothing new is accepted."""
    from everyfamily.core.errors import EveryfamilyError
    from everyfamily.mailings.actions.sending.pausing import pause_mailing

    try:
        pause_mailing(round_.city.mailing, why="a number is dead", by=Actor.typed("Una Marsh"), now=round_.now)
    except EveryfamilyError:
        return
    before = round_.with_the_carriers()
    time.sleep(between(round_.rng, 0.3, 1.2))
    late = {one.reference for one in round_.other_side.taken()} - before
    if late:
        round_.broken.append(f"{len(late)} messages were claimed and sent after the mailing was paused")
    round_.let_go_on("next-way")


def _object(round_: Round) -> None:
    from everyfamily.people.actions.decided.objections import adults_of_pupil, record_objection
    from everyfamily.people.actions.keeping.leavers import pupil_by_own_id

    def decide(school: int, adult: Adult) -> None:
        pupil = pupil_by_own_id(school, adult.pupil, now=round_.now)
        (found,) = adults_of_pupil(school, pupil=pupil, now=round_.now)
        record_objection(school, adult=found.adult, by=Actor.typed("Una Marsh"), now=round_.now)

    _decide(round_, "objects", decide)


def _restrict(round_: Round) -> None:
    from everyfamily.people.actions.decided.restrictions import review_restriction
    from everyfamily.people.actions.keeping.leavers import pupil_by_own_id

    def decide(school: int, adult: Adult) -> None:
        from everyfamily.people.database.tenancy import tenant
        from everyfamily.people.models import Care

        pupil = pupil_by_own_id(school, adult.pupil, now=round_.now)
        with tenant(school):
            link = Care.objects.get(school_id=school, pupil_id=pupil).pk
        review_restriction(school, link=link, decision="do not send", by=Actor.typed("Una Marsh"), now=round_.now)

    _decide(round_, "is restricted", decide)


def _leave(round_: Round) -> None:
    from everyfamily.people.actions.keeping.leavers import confirm_leavers, pupil_by_own_id

    def decide(school: int, adult: Adult) -> None:
        pupil = pupil_by_own_id(school, adult.pupil, now=round_.now)
        confirm_leavers(school, pupils=[pupil], by=Actor.typed("office"), on=round_.now.date(), now=round_.now)

    _decide(round_, "has left", decide)


def _decide(round_: Round, what: str, decide: Callable[[int, Adult], None]) -> None:
    decided = {(one.adult.urn, one.adult.pupil) for one in round_.decided}
    have_it = {one.value for one in round_.other_side.taken()}
    # Most often about somebody who was not written to yet.
    alone = [
        one
        for one in round_.people.everybody()
        if one.alone and one.may_have_it and (one.urn, one.pupil) not in decided
    ]
    open_still = [one for one in alone if not have_it & {value for _, value in one.values()}]
    adult = round_.rng.choice(open_still or alone)
    decide(round_.city.schools[adult.urn], adult)
    round_.decided.append(Decided(what, adult, frozenset(round_.with_the_carriers())))
    round_.nudge()


def _import(round_: Round) -> None:
    """The whole roll of a school is imported again, with one more child, and without those who left."""
    urn = round_.rng.choice(list(round_.people.by_school))
    left = {(one.adult.urn, one.adult.pupil) for one in round_.decided if one.what == "has left"}
    kept = [one for one in round_.people.by_school[urn] if (urn, one.pupil) not in left]
    newcomer = round_.people.newcomer(urn)
    round_.people.by_school[urn] = [*round_.people.by_school[urn], newcomer]
    round_.city.import_rows(urn, [one.row() for one in [*kept, newcomer]], round_.now)
    # What a file brings waits for the lead to say again that the roll is right.
    round_.city.attest(urn, round_.now)
    round_.nudge()


FAULTS: dict[str, Callable[[Round], None]] = {
    "kill one": _kill_one,
    "kill all": _kill_all,
    "kill again": _kill_again,
    "stall one": _stall_one,
    "stop one": _stop_one,
    "settle in mid-print": _settle_in_mid_print,
    "kill database": _kill_database,
    "kill database twice": _kill_database_twice,
    "cut connections": _cut_connections,
    "clock jumps": _clock_jumps,
    "heartbeats jump": _heartbeats_jump,
    "two look": _two_look,
    "pause": _pause_and_go_on,
    "object": _object,
    "restrict": _restrict,
    "leave": _leave,
    "import": _import,
}


class SmallDisk:
    """A print folder on a separate disk that is full: tmpfs if we may mount, or otherwise a limit on every file."""

    ROOM = "48m"

    def __init__(self, folder: Path, kilobytes: int) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        self._folder = folder
        self._kilobytes = kilobytes
        command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=0700", "tmpfs", str(folder)]
        self.is_mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0

    def make_room(self, pids: Sequence[int]) -> None:
        """Whoever looks after the machine makes room."""
        if self.is_mounted:
            command = ["mount", "-o", f"remount,size={self.ROOM}", str(self._folder)]
            subprocess.run(command, capture_output=True, check=True)
            return
        import resource

        for pid in pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def limit(self, pids: Sequence[int]) -> None:
        """Without a mount: no worker may write a file longer than the disk."""
        if not self.is_mounted:
            import resource

            for pid in pids:
                most = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (self._kilobytes * 1024, most))

    def close(self) -> None:
        if self.is_mounted:
            subprocess.run(["umount", "-l", str(self._folder)], capture_output=True, check=False)


Moments = Sequence[timedelta]
GRID: Moments = [
    timedelta(hours=hours) for hours in (0, 2, 5, 75, 78, 82, 151, 154, 230, 310, 24 * 20, 24 * 26, 24 * 34)
]
"""After the opening. Refusals are repeated, emails and texts quiet after 72 hours, post after 14 days."""


ASKED_AFTER = timedelta(hours=5)
"""A carrier that forgets within a week is asked the same day about what has gone quiet, as the sweep would."""


def moments(opens: datetime, *, asks: bool) -> list[datetime]:
    """When somebody moves the clock; with `asks` also some hours after each of them."""
    more = [after + ASKED_AFTER for after in GRID] if asks else []
    return [opens + after for after in sorted({*GRID, *more})]
