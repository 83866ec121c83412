"""A mail server on this machine, to which the settings point."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.contract.mail_server import MailServer


@contextmanager
def mail_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """The server, as a stand-in for email."""
    from django.conf import settings

    from everyfamily.config.smtp import smtp
    from everyfamily.mailings.installation.carriers import carriers, close_carriers

    serving = MailServer().start()
    options = smtp({"EVERYFAMILY_SMTP_PORT": str(serving.port)}) | {"timeout": 5}
    backend = "django.core.mail.backends.smtp.EmailBackend"
    monkeypatch.setattr(settings, "EVERYFAMILY_CHANNELS", "smtp")
    monkeypatch.setattr(settings, "EVERYFAMILY_STAND_INS", True)
    monkeypatch.setattr(settings, "MAILERS", {"default": {"BACKEND": backend, "OPTIONS": options}})
    carriers.cache_clear()
    yield serving
    close_carriers()
    serving.stop()
