"""A security event is one line of codes and numbers, whatever it is given."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.audit.security_events import LOGGER, forget_what_was_said, refused, source_of, used
from everyfamily.config.environment import SettingNotRight
from everyfamily.config.security_log import OfServices, PrivateFile, logging_of


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    forget_what_was_said()
    caplog.set_level(logging.INFO, logger=LOGGER)
    return caplog


def test_what_was_refused_is_a_warning_of_codes_and_numbers(said: pytest.LogCaptureFixture) -> None:
    refused("receipt-refused", carrier="notify", school=7)
    [record] = said.records
    assert (record.name, record.levelname) == ("everyfamily.security", "WARNING")
    assert record.getMessage() == "event=receipt-refused carrier=notify school=7"


def test_a_use_is_said_once_for_the_same_facts(said: pytest.LogCaptureFixture) -> None:
    for school in (7, 7, 8):
        used("school-key-opened", school=school)
    assert [record.getMessage() for record in said.records] == [
        "event=school-key-opened school=7",
        "event=school-key-opened school=8",
    ]


@pytest.mark.parametrize(
    "value", ["ana@example.org", "a\nevent=nothing", "07700 900123 or so, as they said it", "", "é"]
)
def test_what_is_not_a_short_code_is_not_said(said: pytest.LogCaptureFixture, value: str) -> None:
    refused("receipt-refused", why=value)
    assert said.records[0].getMessage() == "event=receipt-refused why=?"


@given(st.text())
def test_nothing_makes_a_second_line(value: str) -> None:
    from everyfamily.audit.security_events import _line

    line = _line("x", {"why": value})
    assert line.isprintable()
    assert line.startswith("event=x why=")
    assert line.count("=") == 2


def test_an_address_is_a_mark_that_does_not_hold_it() -> None:
    assert source_of("192.0.2.7") == source_of("192.0.2.7") != source_of("192.0.2.8")
    assert "192" not in source_of("192.0.2.7") or len(source_of("192.0.2.7")) == 8


def record_of(level: int, name: str = LOGGER) -> logging.LogRecord:
    return logging.LogRecord(name, level, "", 0, "event=x", None, None)


@pytest.mark.slow
def test_a_command_says_refusals_and_a_service_says_uses_too() -> None:
    script = (
        "import logging\nfrom everyfamily.config.security_log import OfServices, this_is_a_service\n"
        "record = logging.LogRecord('everyfamily.security', logging.INFO, '', 0, 'x', None, None)\n"
        "print(OfServices().filter(record))\nthis_is_a_service()\nprint(OfServices().filter(record))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
    assert OfServices().filter(record_of(logging.WARNING))
    assert OfServices().filter(record_of(logging.INFO, "everyfamily.mailings"))


def test_the_file_is_its_owners_alone_and_goes_on_after_it_was_moved(tmp_path: Path) -> None:
    file = tmp_path / "security.log"
    handler = PrivateFile(str(file), delay=True)
    handler.emit(record_of(logging.INFO))
    file.rename(tmp_path / "security.log.1")
    handler.emit(record_of(logging.WARNING))
    handler.close()
    assert file.read_text() == (tmp_path / "security.log.1").read_text() == "event=x\n"
    assert file.stat().st_mode & 0o777 == 0o600


def test_every_event_goes_to_the_file_that_is_named(tmp_path: Path) -> None:
    made = logging_of({"EVERYFAMILY_SECURITY_LOG": str(tmp_path / "security.log")})
    assert made["loggers"][LOGGER] == {"level": "INFO", "handlers": ["security"]}
    assert logging_of({})["loggers"][LOGGER]["handlers"] == []


@pytest.mark.parametrize("value", ["security.log", "/nowhere/at/all/security.log", "/"])
def test_a_file_that_cannot_be_is_refused_at_the_start(value: str) -> None:
    with pytest.raises(SettingNotRight):
        logging_of({"EVERYFAMILY_SECURITY_LOG": value})
