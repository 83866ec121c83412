"""Properties hold on a busy machine too: no example fails for being slow.

The same examples each time, so that a change is judged by itself; `make nightly` and EVERYFAMILY_EXAMPLES=new look for
new ones.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("the same", deadline=None, derandomize=True)
settings.register_profile("new", deadline=None)
settings.load_profile(os.environ.get("EVERYFAMILY_EXAMPLES", "the same"))
