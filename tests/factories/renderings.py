"""Renderings remembered for a test process: the same letter gives the same bytes, and most tests send the same letter.

Only the names in `letters.artefacts` are wrapped. Tests of the renderers themselves call them where they are defined.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

_DEAR = ("render_letter", "render_large_print", "render_word", "render_briefing", "page_count")
_MOST = 200
"""Results kept: two of each file of about twenty letters."""


def remember_renderings() -> None:
    """Wrap the renderers, once they are loaded; does nothing before that, and nothing a second time."""
    artefacts = sys.modules.get("everyfamily.letters.files.artefacts")
    if artefacts is None or not hasattr(artefacts, "check_letter") or hasattr(artefacts, "_is_remembered"):
        return
    for name in _DEAR:
        setattr(artefacts, name, _remembered(getattr(artefacts, name)))
    artefacts._is_remembered = True  # type: ignore[attr-defined]


def _remembered(render: Callable[..., Any]) -> Callable[..., Any]:
    kept: dict[str, Any] = {}

    @functools.wraps(render)
    def remembered(*words: object) -> Any:
        key = repr(words)
        if key not in kept:
            while len(kept) >= _MOST:
                kept.pop(next(iter(kept)))
            kept[key] = render(*words)
        return kept[key]

    return remembered
