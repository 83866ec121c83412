"""The pages as a WSGI application. Refuses to start without a secret key: its links could be forged."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from everyfamily.mailings.return_tokens import require_secret_key

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everyfamily.config.settings")
require_secret_key()
application = get_wsgi_application()

# For waitress, whose own limit is 100 connections for 120 seconds: so many idle ones let nobody else in.
SERVING = {
    "threads": 4,
    "ident": None,
    "max_request_body_size": 100_000,
    "connection_limit": 1_000,
    "asyncore_use_poll": True,
    "channel_timeout": 30,
    "cleanup_interval": 10,
}
