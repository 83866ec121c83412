"""The simulated days of the demo: waves open, receipts and returns come in, quiet weeks pass.

The clock is a row in the database that every worker reads. Between two moments the driver waits until the workers have
nothing left to do, so that a run gives the same figures however fast the machine is.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection

from everyfamily.core.accounting.coverage import Return
from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.mailings.actions.returns.returns import file_return
from everyfamily.mailings.actions.sending.receipts import record_receipts
from everyfamily.mailings.edges.tasks import QUEUE, begin_school, queue_look
from everyfamily.mailings.queries.mailings import (
    count_accepted_at,
    mailing_by_id,
    schools_with_work,
    wave_times,
    waves_due,
)
from everyfamily.mailings.queries.unknown import count_left_in_mid_send
from everyfamily.people.actions.schools.schools import attest_school
from everyfamily_demo.clock import set_simulated
from everyfamily_demo.recording import ReceiptBox

OPENS = datetime(2027, 3, 2, 9, 0, tzinfo=LONDON)
"""Tuesday 2 March 2027, 09:00: the first wave."""
IN_MID_WAVE = 500
"""How many messages of a wave have gone when a worker is killed."""
REPORT = datetime(2027, 3, 23, 6, 0, tzinfo=LONDON)
"""Tuesday 23 March 2027, 06:00: 72 hours and 14 days have passed."""


class WorkerStopped(EveryfamilyError):
    """A worker process ended before its work did."""

    code = "EF953"


@contextmanager
def workers(
    count: int, log: Path, settings: Mapping[str, str] | None = None
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run worker processes during the block. When it ends, they finish their current job. `settings` are added to this
    process's environment."""
    running = [start_worker(log, settings) for _ in range(count)]
    try:
        yield running
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()


def start_worker(log: Path, settings: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start one worker process."""
    command = [sys.executable, "-m", "everyfamily.cli.main", "worker"]
    with log.open("ab") as out:
        return subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **(settings or {})})


class MailingStopped(EveryfamilyError):
    """Something paused the demo's mailing."""

    code = "EF959"


class Simulation:
    """Plays a mailing from its opening to the report."""

    def __init__(
        self,
        mailings: Sequence[int],
        *,
        outbox: Path,
        seed: int,
        returns: Mapping[int, tuple[datetime, Return]],
        attesting: Sequence[int],
        running: list[subprocess.Popen[bytes]],
        log: Path,
        kills_one: bool = False,
        opens: datetime = OPENS,
        box: ReceiptBox | None = None,
    ) -> None:
        """`returns` gives, for each school id, when its return to the last of `mailings` is filed and what it says.

        `attesting` are the schools whose lead attests the evening before the wave. With `kills_one` a worker is killed
        in the middle of the second. `opens` is the first wave. A `box` that has read the outbox before is not read
        again.
        """
        self.go_on_with(mailings)
        self._played = opens - timedelta(microseconds=1)
        self._opens = opens
        self._box = box or ReceiptBox(outbox, seed=seed)
        self._returns = sorted(
            ((at, school, filed) for school, (at, filed) in returns.items()), key=lambda r: r[:2]
        )
        self._attesting = frozenset(attesting)
        self._running = running
        self._log = log
        self._kills_at = wave_times(self._mailing)[1:2] if kills_one else []
        self.left_unknown = 0
        """Messages that the killed worker left unknown."""

    def go_on_with(self, mailings: Sequence[int]) -> None:
        """From now on play these mailings. Returns go to the last of them."""
        self._mailings = list(mailings)
        self._mailing = self._mailings[-1] if self._mailings else 0

    def play(self, until: datetime, progress: Callable[[datetime, float], None] = lambda *_: None) -> None:
        """Run every moment up to `until` that was not played before. `progress` gets the moment and the share of
        moments done."""
        moments = self._moments(until)
        for number, moment in enumerate(moments, start=1):
            set_simulated(moment)
            self._attest(moment)
            self._file_returns(moment)
            record_receipts(self._box.due(moment), moment)
            for mailing in self._mailings:
                for school_id in waves_due(mailing, moment):
                    begin_school.defer(mailing_id=mailing, school_id=school_id)
            if moment in self._kills_at:
                self._kill_one(moment)
            self._let_them_work()
            self._look_again(moment)
            progress(moment, number / len(moments))
        self._played = until

    def _moments(self, until: datetime) -> list[datetime]:
        """Each wave, four hours after it, and 09:00 on each weekday; then the report."""
        waves = [at.astimezone(LONDON) for mailing in self._mailings for at in wave_times(mailing)]
        found = {moment for at in waves for moment in (at, at + timedelta(hours=4))}
        day = self._opens
        while day < until:
            if day.weekday() < 5:
                found.add(day)
            day += timedelta(days=1)
        return [*sorted(moment for moment in found if self._played < moment < until), until]

    def _look_again(self, moment: datetime) -> None:
        """Process what is due until nothing is: a failure heard now leads to the next way at once."""
        for mailing in self._mailings:
            while schools := schools_with_work(mailing, moment):
                for school_id in schools:
                    queue_look(mailing, school_id)
                self._let_them_work()
                record_receipts(self._box.due(moment), moment)
            facts = mailing_by_id(mailing)
            if facts.state != "open":
                raise MailingStopped(
                    f"The demo's mailing is {facts.state}: {facts.paused_reason}",
                    "The workers' log says more.",
                    SourceLocation(str(self._log)),
                )

    def _kill_one(self, moment: datetime) -> None:
        """Kill a worker when some messages of the moment have gone, and start another. The sweep settles what it left,
        as it would anywhere."""
        while count_accepted_at(self._mailing, moment) < IN_MID_WAVE and self._jobs_left():
            time.sleep(0.02)
        self._running[0].kill()
        self._running[0].wait()
        self._running[0] = start_worker(self._log)
        self._let_them_work()
        self.left_unknown = count_left_in_mid_send(self._mailing)

    def _attest(self, moment: datetime) -> None:
        for school_id in self._schools_of_wave_at(moment):
            if school_id in self._attesting:
                attest_school(school_id, by=Actor.typed("school lead"), now=moment - timedelta(hours=16))

    def _schools_of_wave_at(self, moment: datetime) -> list[int]:
        return sorted({school for mailing in self._mailings for school in waves_due(mailing, moment)})

    def _file_returns(self, moment: datetime) -> None:
        while self._returns and self._returns[0][0] <= moment:
            at, school_id, filed = self._returns.pop(0)
            file_return(self._mailing, school_id, filed, by=Actor.typed("school office"), now=at)

    def _let_them_work(self) -> None:
        """Wait until no job is waiting or running."""
        while self._jobs_left():
            ended = [process for process in self._running if process.poll() is not None]
            if ended:
                raise WorkerStopped(
                    f"A worker ended with code {ended[0].returncode}.",
                    "Its log says why.",
                    SourceLocation(str(self._log)),
                )
            time.sleep(0.02)

    def _jobs_left(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT status, count(*) FROM procrastinate_jobs "
                "WHERE queue_name = %s AND status IN ('todo', 'doing', 'failed') GROUP BY status",
                [QUEUE],
            )
            counts = dict(cursor.fetchall())
        if counts.get("failed"):
            raise WorkerStopped(
                f"{counts['failed']} jobs failed.", "The workers' log says why.", SourceLocation(str(self._log))
            )
        return bool(counts)
