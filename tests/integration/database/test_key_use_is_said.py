"""That a key was read, opened or refused is a line of the security log; the keys' processes leave no core dump."""

from __future__ import annotations

import base64
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from everyfamily.core.errors import EveryfamilyError
from tests.factories.city import NOW, City, adult
from tests.factories.kept import kept_city
from tests.journeys.site_servers import free_port

pytestmark = [pytest.mark.database, pytest.mark.slow]

ONE, TWO = 900001, 900002
SECURITY = "everyfamily.security"
NOTIFY_TOKEN = "a-token-that-only-this-test-has"


@kept_city
def schools(city: City) -> None:
    for urn in (ONE, TWO):
        city.school(urn, [adult("P1", f"Ana Ferris{urn}", EMAIL=f"ana@{urn}.example.org")])


@pytest.fixture
def said(schools: City, caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The log of a process that has just begun."""
    from everyfamily.audit.security_events import forget_what_was_said

    forget_what_was_said()
    caplog.set_level(logging.INFO, logger=SECURITY)
    caplog.clear()
    return caplog


def lines(said: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in said.records if record.name == SECURITY]


def open_the_vault(city: City, urn: int) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault

    with tenant(city.schools[urn]):
        open_vault(city.schools[urn], now=NOW)


def test_a_key_is_said_to_be_opened_once_in_a_process(schools: City, said: pytest.LogCaptureFixture) -> None:
    for urn in (ONE, ONE, TWO):
        open_the_vault(schools, urn)
    assert lines(said) == [
        "event=master-key-read source=environment newest=1",
        f"event=school-key-opened school={schools.schools[ONE]} version=1",
        f"event=school-key-opened school={schools.schools[TWO]} version=1",
    ]


def test_a_wrong_master_key_is_said(
    schools: City, said: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = base64.b64encode(b"w" * 32).decode()
    monkeypatch.setenv("EVERYFAMILY_MASTER_KEY", wrong)
    with pytest.raises(EveryfamilyError):
        open_the_vault(schools, ONE)
    assert f"event=school-key-does-not-open school={schools.schools[ONE]} code=EF401" in lines(said)
    assert wrong not in said.text


def test_a_key_file_that_others_may_read_is_said(
    schools: City, said: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "master.key"
    file.write_text(base64.b64encode(b"m" * 32).decode())
    file.chmod(0o644)
    monkeypatch.delenv("EVERYFAMILY_MASTER_KEY")
    monkeypatch.setenv("EVERYFAMILY_MASTER_KEY_FILE", str(file))
    with pytest.raises(EveryfamilyError):
        open_the_vault(schools, ONE)
    assert lines(said) == ["event=master-key-refused source=file code=EF407"]


def test_a_mailings_key_is_said_to_be_opened_once(schools: City, said: pytest.LogCaptureFixture) -> None:
    schools.open()
    schools.send()
    assert lines(said).count(f"event=ledger-key-opened mailing={schools.mailing}") == 1
    assert "ana@" not in said.text


@contextmanager
def service(folder: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """`everyfamily worker` or `everyfamily web`, with its log in `folder`."""
    environment = os.environ | {
        "EVERYFAMILY_OUTBOX": str(folder / "outbox"),
        "EVERYFAMILY_CLOCK": "database",
        "EVERYFAMILY_SECRET_KEY": "a key that only this test knows, and long enough",
        "EVERYFAMILY_SECURITY_LOG": str(folder / "security.log"),
        "EVERYFAMILY_NOTIFY_TOKEN": NOTIFY_TOKEN,
        "PYTHONFAULTHANDLER": "1",
    }
    if words[0] == "web":
        # The pages do not start with it.
        environment.pop("EVERYFAMILY_OWNER_URL", None)
    with (folder / "service.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "everyfamily.cli.main", *words], env=environment, stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=240)
            if process.poll() is None:
                process.kill()


def wait_for(folder: Path, words: str, process: subprocess.Popen[bytes]) -> str:
    ends = time.monotonic() + 240
    while time.monotonic() < ends:
        log = (folder / "service.log").read_text()
        if words in log:
            return log
        assert process.poll() is None, log
        time.sleep(0.2)
    # Where it is stuck, as well as what it said.
    process.send_signal(signal.SIGABRT)
    process.wait(timeout=60)
    raise AssertionError((folder / "service.log").read_text())


def core_limits(process: subprocess.Popen[bytes]) -> list[str]:
    limits = Path(f"/proc/{process.pid}/limits").read_text()
    found = re.search(r"Max core file size +(\S+) +(\S+)", limits)
    assert found is not None
    return list(found.groups())


def test_a_worker_says_which_keys_it_opened_in_its_log_and_in_the_file(schools: City, tmp_path: Path) -> None:
    from everyfamily.mailings.edges.tasks import begin_school
    from everyfamily_demo.clock import set_simulated

    schools.open()
    set_simulated(NOW)
    for school_id in schools.schools.values():
        begin_school.defer(mailing_id=schools.mailing, school_id=school_id)
    with service(tmp_path, "worker") as worker:
        wait_for(tmp_path, f"event=school-key-opened school={schools.schools[TWO]}", worker)
        log = wait_for(tmp_path, f"event=school-key-opened school={schools.schools[ONE]}", worker)
        assert core_limits(worker) == ["0", "0"]
    assert "INFO everyfamily.security: event=master-key-read source=environment newest=1" in log
    assert log.count(f"event=ledger-key-opened mailing={schools.mailing}") == 1
    assert "event=school-key-opened" in (tmp_path / "security.log").read_text()
    assert (tmp_path / "security.log").stat().st_mode & 0o777 == 0o600
    assert "ana@" not in log


def status_of(port: int, path: str, body: bytes | None = None, **headers: str) -> int:
    try:
        with urlopen(Request(f"http://127.0.0.1:{port}{path}", data=body, headers=headers), timeout=60) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


def test_the_pages_say_refused_links_and_receipts_and_leave_no_core_dump(schools: City, tmp_path: Path) -> None:
    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    port = free_port()
    with service(tmp_path, "web", "--port", str(port)) as pages:
        wait_for(tmp_path, "The pages answer on", pages)
        assert core_limits(pages) == ["0", "0"]
        right = {"Authorization": f"Bearer {NOTIFY_TOKEN}"}
        assert status_of(port, "/return/a-link-of-nobody/") == 403
        assert status_of(port, "/receipts/notify", b"{}", Authorization="Bearer a-token-of-nobody-at-all") == 401
        assert status_of(port, "/receipts/notify", b"ana@example.org", **right) == 400
        assert status_of(port, "/receipts/notify", b"[" * 50_000, **right) == 413
        log = wait_for(tmp_path, "event=receipt-refused carrier=notify why=too-long", pages)
        pages.send_signal(signal.SIGABRT)
        pages.wait(timeout=240)
    said = [line.partition("everyfamily.security: ")[2] for line in log.splitlines() if ".security: " in line]
    assert [line.partition(" source=")[0] for line in said if "-refused" in line] == [
        "event=return-link-refused why=forged",
        "event=receipt-refused carrier=notify why=token",
        "event=receipt-refused carrier=notify why=no-receipt",
        "event=receipt-refused carrier=notify why=too-long",
    ]
    in_file = (tmp_path / "security.log").read_text()
    for text in (*said, in_file):
        assert not [word for word in ("of-nobody", NOTIFY_TOKEN, "ana@", "127.0.0.1") if word in text]
    assert "of-nobody" not in log
    assert in_file.count("-refused") == 4
    assert list(tmp_path.glob("core*")) == []
