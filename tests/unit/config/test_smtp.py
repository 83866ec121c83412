"""The mail server's settings: encrypted unless it is this machine, signed in whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from everyfamily.channels.email.encryption import MailInTheClear
from everyfamily.config.environment import SettingNotRight
from everyfamily.config.smtp import smtp

HOST, TLS, PORT = "EVERYFAMILY_SMTP_HOST", "EVERYFAMILY_SMTP_TLS", "EVERYFAMILY_SMTP_PORT"
USER, PASSWORD = "EVERYFAMILY_SMTP_USER", "EVERYFAMILY_SMTP_PASSWORD"


def test_another_machine_gets_starttls_where_nobody_says() -> None:
    options = smtp({HOST: "mail.example.org"})
    assert (options["use_tls"], options["use_ssl"], options["port"]) == (True, False, 587)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.5", "::1", "localhost", "LOCALHOST", ""])
def test_this_machine_may_have_it_in_the_clear(host: str) -> None:
    options = smtp({HOST: host})
    assert (options["use_tls"], options["use_ssl"], options["port"]) == (False, False, 25)


def test_tls_from_the_first_byte_has_its_own_port_and_a_named_port_counts() -> None:
    options = smtp({HOST: "mail.example.org", TLS: "tls"})
    assert (options["use_tls"], options["use_ssl"], options["port"]) == (False, True, 465)
    assert smtp({HOST: "mail.example.org", TLS: "tls", PORT: "2465"})["port"] == 2465


@pytest.mark.parametrize(
    "host", ["mail.example.org", "192.0.2.7", "10.0.0.1", "localhost.example.org", "127.1", "0"]
)
def test_in_the_clear_to_another_machine_is_refused(host: str) -> None:
    with pytest.raises(MailInTheClear) as raised:
        smtp({HOST: host, TLS: "none"})
    assert raised.value.code == "EF420"
    assert host not in raised.value.fact.split()


@pytest.mark.parametrize("tls", ["yes", "STARTTLS", "ssl", "starttls "])
def test_a_slip_in_the_encryption_is_refused(tls: str) -> None:
    with pytest.raises(SettingNotRight):
        smtp({HOST: "mail.example.org", TLS: tls})


def test_the_password_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("seven quiet herons\n")
    file.chmod(0o600)
    options = smtp({HOST: "mail.example.org", USER: "eastmere", f"{PASSWORD}_FILE": str(file)})
    assert (options["username"], options["password"]) == ("eastmere", "seven quiet herons")


@pytest.mark.parametrize(
    "environment",
    [
        {USER: "eastmere"},
        {PASSWORD: "marked"},
        {USER: "eastmere", PASSWORD: "marked", f"{PASSWORD}_FILE": "/nowhere"},
        {USER: "eastmere", f"{PASSWORD}_FILE": "/nowhere/marked"},
        {USER: "eastmere", f"{PASSWORD}_FILE": "/dev/zero"},
    ],
)
def test_half_a_sign_in_is_refused_without_its_password(environment: dict[str, str]) -> None:
    with pytest.raises(SettingNotRight) as raised:
        smtp({HOST: "mail.example.org"} | environment)
    assert "marked" not in f"{raised.value.fact} {raised.value.fix}"


@pytest.mark.parametrize(("mode", "text"), [(0o644, "marked"), (0o600, ""), (0o600, "\n")])
def test_a_password_file_that_others_may_read_or_that_is_empty_is_refused(
    tmp_path: Path, mode: int, text: str
) -> None:
    file = tmp_path / "password"
    file.write_text(text)
    file.chmod(mode)
    with pytest.raises(SettingNotRight):
        smtp({HOST: "mail.example.org", USER: "eastmere", f"{PASSWORD}_FILE": str(file)})
