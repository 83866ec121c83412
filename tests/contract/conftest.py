"""The carriers that every test of the contract runs on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from everyfamily.core.sending.fallback import Channel
from tests.contract.mail_server import MailServer
from tests.contract.notify_rig import NotifyRig
from tests.contract.rigs import PrintRig, ProviderRig, RecordingRig, Rig, SmtpRig

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everyfamily.config.settings")

CARRIERS = {
    **{f"recording {channel}": channel for channel in Channel},
    **{f"recording with paper {channel}": channel for channel in Channel},
    "smtp": Channel.EMAIL,
    "anymail": Channel.EMAIL,
    **{f"print folder {channel}": channel for channel in (Channel.POST, Channel.PUPIL_POST)},
    **{f"notify {channel}": channel for channel in (Channel.EMAIL, Channel.TEXT, Channel.POST)},
}


@pytest.fixture
def mailer(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, float], None]:
    """Point MAILERS at a port of this machine, with a timeout in seconds."""
    from django.conf import settings

    def point(port: int, timeout: float = 5.0) -> None:
        options = {"host": "127.0.0.1", "port": port, "timeout": timeout}
        backend = "django.core.mail.backends.smtp.EmailBackend"
        monkeypatch.setattr(settings, "MAILERS", {"default": {"BACKEND": backend, "OPTIONS": options}})

    return point


@pytest.fixture
def smtp(mailer: Callable[..., None]) -> Iterator[SmtpRig]:
    """A mail server, and the carrier that sends to it."""
    server = MailServer().start()
    mailer(server.port)
    rig = SmtpRig(server)
    yield rig
    rig.close()


@pytest.fixture
def anymail(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderRig]:
    """A provider of email, and the carrier that sends by it."""
    from django.conf import settings

    def use(given: dict[str, Any]) -> None:
        backend = "anymail.backends.postmark.EmailBackend"
        monkeypatch.setattr(settings, "MAILERS", {"anymail": {"BACKEND": backend}})
        monkeypatch.setattr(settings, "ANYMAIL", given, raising=False)

    rig = ProviderRig(use)
    yield rig
    rig.close()


@pytest.fixture(params=CARRIERS)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """Each carrier in turn, for each channel that it carries."""
    name, channel = request.param, CARRIERS[request.param]
    if name in ("smtp", "anymail"):
        yield request.getfixturevalue(name)
        return
    made: Rig
    if name.startswith("notify"):
        made = NotifyRig(channel)
    elif name.startswith("print folder"):
        made = PrintRig(tmp_path, channel)
    else:
        made = RecordingRig(tmp_path, channel, paper="with paper" in name)
    yield made
    made.close()
