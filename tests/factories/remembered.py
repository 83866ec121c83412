"""What takes long and always gives the same, remembered for a test process: renderings, and passphrases stretched.

Most tests send the same letter, with the same keys. Only the names below are wrapped: tests of the renderers themselves
call them where they are defined.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

DEAR = {
    "everyfamily.letters.files.artefacts": (
        "render_letter",
        "render_large_print",
        "render_word",
        "render_briefing",
        "page_count",
    ),
    # A fifth of a second each, as it should be.
    "everyfamily.core.keys.signing": ("_stretched",),
}
_MOST = 200
"""Results kept for a name: two of each file of about twenty letters."""


def remember() -> None:
    """Wrap what is loaded by now; does nothing a second time."""
    for module, names in DEAR.items():
        loaded = sys.modules.get(module)
        # One that is still being loaded has not all of its names.
        if loaded is None or not all(hasattr(loaded, name) for name in names):
            continue
        for name in names:
            if not hasattr(getattr(loaded, name), "is_remembered"):
                setattr(loaded, name, _remembered(getattr(loaded, name)))


def _remembered(work: Callable[..., Any]) -> Callable[..., Any]:
    kept: dict[str, Any] = {}

    @functools.wraps(work)
    def remembered(*words: object) -> Any:
        key = repr(words)
        if key not in kept:
            while len(kept) >= _MOST:
                kept.pop(next(iter(kept)))
            kept[key] = work(*words)
        return kept[key]

    remembered.is_remembered = True  # type: ignore[attr-defined]
    return remembered
