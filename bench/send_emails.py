"""Emails a second, from a planned wave to the last recorded attempt, compared with Django on the same letter and sink.

ARGS="FAMILIES" (default 100,000). Needs `smtp-sink` and `smtp-source` of Debian's postfix, which need not run. The sink
keeps nothing; its own ceiling is what smtp-source (C, messages of the same size, two sessions) gets out of it.

Ours: four real workers, real PostgreSQL, each attempt written before its call and recorded after it. The peers send the
same email and record nothing. Then only building: our spliced bytes compared with Django's template and EmailMessage.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

ADULTS = 500
"""Of one school: a page and a half of a roll that a real primary has."""
PROCESSES = 2
"""For a peer, on two cores."""
WORKERS = 4
"""Of ours: while one waits for its commit another calls."""


@contextmanager
def sink() -> Iterator[int]:
    """A mail server that takes everything and keeps nothing; yields its port."""
    program = shutil.which("smtp-sink", path="/usr/sbin:/usr/bin") or sys.exit("smtp-sink (postfix) is needed.")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # As nobody: it refuses to run as root.
    as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen([program, *as_nobody, f"127.0.0.1:{port}", "1024"])
    try:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.kill()
        process.wait()


def families_of(folder: Path, families: int) -> tuple[Any, list[int]]:
    """A city of schools with one email address an adult."""
    from tests.factories.city import City, adult

    city = City(folder)
    for first in range(0, families, ADULTS):
        urn = 900001 + first // ADULTS
        rows = [
            adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org", HAS_CARE="no")
            for n in range(first, min(first + ADULTS, families))
        ]
        city.school(urn, rows, order=["email"])
    return city, list(city.schools.values())


def ours(city: Any, schools: list[int], port: int, log: Path, processes: int) -> float:
    """Seconds from the first job to the last recorded attempt."""
    from django.db import connection

    from everyfamily.mailings.edges.tasks import begin_school
    from everyfamily.mailings.models import LedgerEntry

    environment = os.environ | {
        "EVERYFAMILY_CHANNELS": "smtp",
        "EVERYFAMILY_STAND_INS": "yes",
        "EVERYFAMILY_SMTP_HOST": "127.0.0.1",
        "EVERYFAMILY_SMTP_PORT": str(port),
        "EVERYFAMILY_OUTBOX": str(log.parent / "outbox"),
        "EVERYFAMILY_CLOCK": "database",
    }
    command = [sys.executable, "-m", "everyfamily.cli.main", "worker"]
    with log.open("ab") as out:
        workers = [subprocess.Popen(command, env=environment, stdout=out, stderr=out) for _ in range(processes)]
        while log.read_text().count("has started") < processes:
            time.sleep(0.05)
        time.sleep(1)
        began = time.perf_counter()
        for school in schools:
            begin_school.defer(mailing_id=city.mailing, school_id=school)
        while True:
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'mailings'")
                if not cursor.fetchone()[0]:
                    break
            time.sleep(0.1)
        seconds = time.perf_counter() - began
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(timeout=60)
    left = LedgerEntry.objects.exclude(status="accepted").count()
    if left:
        sys.exit(f"{left} messages are not accepted: see {log}")
    return seconds


def letter() -> Any:
    """The body that every contender sends: the demo's letter."""
    from everyfamily.core.sending.fallback import Channel
    from everyfamily.letters.files.record import letter_of
    from everyfamily.mailings.messages.bodies import Bodies
    from everyfamily.people.queries import school_by_urn
    from tests.factories.city import sealed_letter

    seal, _, _ = sealed_letter()
    return Bodies(letter_of(seal.record), school_by_urn(900001)).of(Channel.EMAIL, "en")


def a_message(body: Any, number: int, sender: str) -> Any:
    """One email as Django's mail API takes it."""
    from everyfamily.channels.base import Message
    from everyfamily.channels.email.wire import mail_of
    from everyfamily.core.sending.fallback import Channel

    return mail_of(
        Message(Channel.EMAIL, f"ref-{number}", body, to=f"ana{number}@example.org"), sender, datetime.now(UTC)
    )


def django_kept(body: Any, port: int, messages: int) -> float:
    """Seconds of one connection that is kept."""
    from django.core.mail.backends.smtp import EmailBackend

    connection = EmailBackend(host="127.0.0.1", port=port, alias="bench")
    connection.open()
    began = time.perf_counter()
    for number in range(messages):
        connection.send_messages([a_message(body, number, "letters@eastmere.example")])
    seconds = time.perf_counter() - began
    connection.close()
    return seconds


def django_each(body: Any, port: int, messages: int) -> float:
    """Seconds of a connection for each message, as `send_mail` makes one."""
    from django.core.mail.backends.smtp import EmailBackend

    began = time.perf_counter()
    for number in range(messages):
        connection = EmailBackend(host="127.0.0.1", port=port, alias="bench")
        connection.send_messages([a_message(body, number, "letters@eastmere.example")])
    return time.perf_counter() - began


def ceiling(port: int, messages: int, size: int) -> float:
    """Seconds of postfix's own source against the sink."""
    program = shutil.which("smtp-source", path="/usr/sbin:/usr/bin") or sys.exit("smtp-source is needed.")
    began = time.perf_counter()
    # -d: the connection is kept, as ours is.
    subprocess.run(
        [program, "-d", "-s", str(PROCESSES), "-m", str(messages), "-l", str(size), f"127.0.0.1:{port}"],
        check=True,
    )
    return time.perf_counter() - began


def _in_a_process(run: Callable[..., float], body: Any, port: int, messages: int) -> float:
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_TZ=True, MAILERS={})
    return run(body, port, messages)


def together(run: Callable[..., float], body: Any, port: int, messages: int) -> float:
    """Messages a second of two processes at once."""
    with ProcessPoolExecutor(PROCESSES) as pool:
        began = time.perf_counter()
        for done in [pool.submit(_in_a_process, run, body, port, messages) for _ in range(PROCESSES)]:
            done.result()
        return PROCESSES * messages / (time.perf_counter() - began)


def building(body: Any) -> tuple[float, float]:
    """Messages a second: our bytes spliced, and Django's template and EmailMessage."""
    import email.policy

    from django.template import Context, Engine

    from everyfamily.channels.base import Message
    from everyfamily.channels.email.wire import Wire
    from everyfamily.core.sending.fallback import Channel

    wire, now = Wire("letters@eastmere.example"), datetime.now(UTC)
    sent = [
        Message(Channel.EMAIL, f"11111111-1111-4111-8111-{n:012}", body, to=f"ana{n}@example.org")
        for n in range(100_000)
    ]
    began = time.perf_counter()
    for message in sent:
        wire.letter(message, message.to, now)
    fast = len(sent) / (time.perf_counter() - began)
    # The school's name is the one gap of an email.
    page = Engine().from_string(re.sub(r"Quayfield School 900001", "{{ school }}", body.html or ""))
    from dataclasses import replace

    began = time.perf_counter()
    for number in range(300):
        own = replace(body, html=page.render(Context({"school": "Quayfield School 900001"})))
        a_message(own, number, "letters@eastmere.example").message(policy=email.policy.SMTP).as_bytes()
    return fast, 300 / (time.perf_counter() - began)


def main() -> None:
    """Print every contender's messages a second, and how many times theirs ours is."""
    families = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    from tests.integration import conftest

    # The settings that ship, not the small ones of the tests.
    conftest.SMALL.clear()
    fixture = conftest.database_server.__wrapped__()  # type: ignore[attr-defined]
    next(fixture)
    folder = Path(tempfile.mkdtemp(prefix="ef-bench-"))
    try:
        from django.db import connections

        city, schools = families_of(folder, families)
        city.open()
        with connections["owner"].cursor() as owner:
            owner.execute("ANALYZE")
        body = letter()
        size = len(a_message(body, 1, "letters@eastmere.example").message().as_bytes())
        print(f"{families:,} families, {len(schools)} schools, an email of {size / 1024:.0f} kB")
        with sink() as port:
            most = 20_000 / ceiling(port, 20_000, size)
            each = 1_500 / django_each(body, port, 1_500)
            kept = 3_000 / django_kept(body, port, 3_000)
            both = together(django_kept, body, port, 3_000)
            seconds = ours(city, schools, port, folder / "workers.log", WORKERS)
        rate = families / seconds
        fast, slow = building(body)
        print(f"{'smtp-source, two sessions, records nothing':52} {most:10,.0f} a second")
        print(f"{'Django, a connection each':52} {each:10,.0f} a second   ours is {rate / each:.1f}x")
        print(f"{'Django, one kept connection':52} {kept:10,.0f} a second   ours is {rate / kept:.1f}x")
        print(
            f"{'Django, a kept connection in each of two processes':52} {both:10,.0f} a second   {rate / both:.1f}x"
        )
        print(
            f"{'everyfamily, four workers, every attempt recorded':52} {rate:10,.0f} a second   {seconds:.0f} s in all"
        )
        print(f"{'building alone: Django template + EmailMessage':52} {slow:10,.0f} a second")
        print(f"{'building alone: spliced':52} {fast:10,.0f} a second   {fast / slow:,.0f}x")
    finally:
        next(fixture, None)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
