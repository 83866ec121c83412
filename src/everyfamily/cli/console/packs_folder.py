"""Where the content packs are, for a command: EVERYFAMILY_PACKS, or this checkout."""

from __future__ import annotations

import os
from pathlib import Path

from everyfamily.core.packs import packs_folder as packs


def packs_folder() -> Path:
    """The content packs; raises PacksNotFound."""
    return packs.packs_folder(os.environ.get("EVERYFAMILY_PACKS"))
