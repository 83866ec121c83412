"""The pages as a WSGI application. Refuses to start without a secret key, because links could then be forged."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from everyfamily.mailings.installation.return_tokens import require_secret_key

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everyfamily.config.settings")
require_secret_key()
application = get_wsgi_application()
