"""The pages as a WSGI application. Refuses to start without a secret key, because links could then be forged."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from everyfamily.mailings.installation.return_tokens import require_secret_key
from everyfamily.people.database.access import nothing_unless_opened

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everyfamily.config.settings")
require_secret_key()
# Each page says for which schools it was opened; until then it may touch none.
nothing_unless_opened()
application = get_wsgi_application()
