"""Tables can be named here, and none is read: no test of this folder has a database."""

from __future__ import annotations

import os

import django

# Before the modules of the tests are imported, because their imports name tables.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everyfamily.config.settings")
django.setup()
