"""Where security events go: the file that EVERYFAMILY_SECURITY_LOG names, and the log of services.

A refusal is always logged. The use of a key is logged in the file and by services (a worker, the pages), because
somebody keeps their log. In a command that a person types it would only add a line.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from io import TextIOWrapper
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any

from everyfamily.audit.security_events import LOGGER
from everyfamily.config.environment import SettingNotRight

_services: set[int] = set()


class OfServices(logging.Filter):
    """Lets through events about the use of keys only if this process is a service."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.name != LOGGER or record.levelno >= logging.WARNING or os.getpid() in _services


class PrivateFile(WatchedFileHandler):
    """Appends to a file that only its owner can read. logrotate may move it."""

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        return os.fdopen(os.open(self.baseFilename, flags, 0o600), "a", encoding="utf-8")


def this_is_a_service() -> None:
    """From now on, this process logs the use of keys."""
    _services.add(os.getpid())


def logging_of(environment: Mapping[str, str]) -> dict[str, Any]:
    """Django's LOGGING. Raises SettingNotRight if the file cannot be written."""
    file = environment.get("EVERYFAMILY_SECURITY_LOG", "")
    handlers: dict[str, Any] = {
        "console": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["services"]}
    }
    of_security: list[str] = []
    if file:
        _require_writable(Path(file))
        made = {"()": "everyfamily.config.security_log.PrivateFile", "filename": file, "delay": True}
        handlers["security"] = {**made, "formatter": "lines"}
        of_security = ["security"]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        # No line quotes a value: the words of exceptions and other libraries stay out.
        "formatters": {"lines": {"()": "everyfamily.config.log_lines.LogLines"}},
        "filters": {"services": {"()": "everyfamily.config.security_log.OfServices"}},
        "handlers": handlers,
        "loggers": {
            LOGGER: {"level": "INFO", "handlers": of_security},
            # Under load the web server would say for each request how many wait.
            "waitress.queue": {"level": "ERROR"},
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
    }


def _require_writable(file: Path) -> None:
    there = file if file.exists() else file.parent
    if not file.is_absolute() or file.is_dir() or not os.access(there, os.W_OK):
        raise SettingNotRight(
            "EVERYFAMILY_SECURITY_LOG is not the whole path of a file that can be written.",
            "Correct it, or unset it: services then say security events in their own log.",
        )
