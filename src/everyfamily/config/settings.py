"""Settings of the Django apps. Read from the environment; nothing personal, nothing secret, stands here.

Three database aliases, one per role: `default` is the app role, which row-level security binds to one school;
`planner` reads ids, hashes, states and flags of all schools and never an encrypted value; `owner` migrates.
"""

from __future__ import annotations

import os
from pathlib import Path

from everyfamily.config.databases import databases

SECRET_KEY = os.environ.get("EVERYFAMILY_SECRET_KEY", "unused: no sessions, no signed cookies yet")
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]

INSTALLED_APPS = [
    "everyfamily.audit",
    "everyfamily.people",
    "everyfamily.letters",
    "everyfamily.mailings",
    "procrastinate.contrib.django",
]
DATABASES = databases(os.environ)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "Europe/London"
LANGUAGE_CODE = "en-gb"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": os.environ.get("EVERYFAMILY_SMTP_HOST", "127.0.0.1"),
            "port": int(os.environ.get("EVERYFAMILY_SMTP_PORT", "25")),
            # RFC 5321 4.5.3.2.6: a server may take ten minutes to answer for the message.
            "timeout": 300,
        },
    }
}

# The recording channel is the default: nothing real is sent until somebody says so.
EVERYFAMILY_CHANNELS = os.environ.get("EVERYFAMILY_CHANNELS", "recording")
EVERYFAMILY_OUTBOX = Path(os.environ["EVERYFAMILY_OUTBOX"]) if "EVERYFAMILY_OUTBOX" in os.environ else None
EVERYFAMILY_SEED = int(os.environ.get("EVERYFAMILY_SEED", "7"))
# "system" or "database": the demo's and the tests' simulated clock is a row that every worker reads.
EVERYFAMILY_CLOCK = os.environ.get("EVERYFAMILY_CLOCK", "system")

# A worker that gave no sign for this many seconds is dead, and its jobs are queued again.
EVERYFAMILY_STALLED_SECONDS = float(os.environ.get("EVERYFAMILY_STALLED_SECONDS", "15"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

# Shares and seconds of the recording carrier's faults, e.g. "silent=0.0004,delay=0.005" (channels/testing.py).
EVERYFAMILY_FAULTS = {
    name: float(value)
    for name, _, value in (part.partition("=") for part in os.environ.get("EVERYFAMILY_FAULTS", "").split(","))
    if name
}
# The envelope sender of email; replies go to the mailing's own monitored mailbox.
EVERYFAMILY_SENDER = os.environ.get("EVERYFAMILY_SENDER", "letters@eastmere.example")
