"""How many of the server's connections workers hold, and how many for moments.

ARGS="WORKERS..." (default 1 2 4). Real workers under the real clock, on a fresh embedded server, with nothing to send.
Their connections are counted four times a second for a little over a minute, so that each job of every minute runs.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

SECONDS = 75
_HELD = """
SELECT count(*) FROM pg_stat_activity
WHERE usename IN ('everyfamily_app', 'everyfamily_planner') AND pid <> pg_backend_pid()
"""


def main() -> None:
    """Start so many workers, and print what they hold."""
    from tests.integration import conftest

    fixture = conftest.database_server.__wrapped__()  # type: ignore[attr-defined]
    next(fixture)
    print(f"{'workers':>8}{'held by each':>14}{'at most':>9}")
    for workers in [int(word) for word in sys.argv[1:]] or [1, 2, 4]:
        with tempfile.TemporaryDirectory() as folder:
            counts = counted(workers, Path(folder))
        print(
            f"{workers:>8}{statistics.median(counts) / workers:>14.2f}{max(counts) / workers:>9.2f}", flush=True
        )
    next(fixture, None)


def counted(workers: int, folder: Path) -> list[int]:
    """Connections of all the workers, each quarter of a second once they have started."""
    from django.db import connection

    environment = {name: value for name, value in os.environ.items() if name != "EVERYFAMILY_CLOCK"}
    command = [sys.executable, "-m", "everyfamily.cli.main", "worker"]
    log = folder / "log"
    with log.open("wb") as out:
        processes = [
            subprocess.Popen(
                command,
                env=environment | {"EVERYFAMILY_OUTBOX": str(folder / str(number))},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
            for number in range(workers)
        ]
        while log.read_text(encoding="utf-8").count("has started") < workers:
            time.sleep(0.1)
        time.sleep(2)
        counts, until = [], time.monotonic() + SECONDS
        while time.monotonic() < until:
            with connection.cursor() as cursor:
                cursor.execute(_HELD)
                counts.append(cursor.fetchone()[0])
            time.sleep(0.25)
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=60)
    return counts


if __name__ == "__main__":
    main()
