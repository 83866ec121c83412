"""The same damaged files on every change; `make nightly` looks for new ones (the tests marked nightly)."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("the same", deadline=None, derandomize=True)
settings.register_profile("new", deadline=None)
settings.load_profile(os.environ.get("EVERYFAMILY_EXAMPLES", "the same"))
