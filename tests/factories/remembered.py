"""What takes long and always gives the same, remembered for a test process: renderings, checks, passphrases stretched.

Most tests send the same letter, with the same keys. Only the names below are wrapped: tests of the renderers and of the
rules themselves call them where they are defined.
"""

from __future__ import annotations

import functools
import hashlib
import sys
from collections.abc import Callable
from typing import Any

DEAR = {
    "everyfamily.letters.files.artefacts": (
        "render_letter",
        "render_large_print",
        "render_word",
        "render_briefing",
        "render_press_lines",
        "page_count",
    ),
    "everyfamily.letters.files.proof": ("render_artefacts", "check_letter"),
    "everyfamily.letters.files.agreeing": ("render_artefacts", "check_letter"),
    # What was sealed, which a copy is compared with.
    "everyfamily.letters.files.sealed_words": (
        *(
            "render_letter",
            "render_large_print",
            "render_briefing",
            "render_press_lines",
            "render_email",
            "render_web_page",
        ),
        "read_pdf",
    ),
    # What a press prints: the same few letters, in most tests that send on paper.
    "everyfamily.mailings.messages.bodies": (
        "render_bundle",
        "render_large_print_bundle",
        "render_cover_sheets",
    ),
    # A fifth of a second each, as it should be.
    "everyfamily.core.keys.signing": ("_stretched",),
}
_MOST, _MOST_LETTERS = 200, 20
"""Results kept for a name: two of each file of about twenty letters, or all files of as many."""


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


_kept: dict[Callable[..., Any], dict[Any, Any]] = {}
"""What each gave, by what it was given: the same for every module that has it."""


def _remembered(work: Callable[..., Any]) -> Callable[..., Any]:
    kept = _kept.setdefault(work, {})

    @functools.wraps(work)
    def remembered(*words: object, **named: object) -> Any:
        key = (*map(_key, words), *((name, _key(word)) for name, word in sorted(named.items())))
        if key not in kept:
            kept[key] = work(*words, **named)
            while len(kept) > (_MOST_LETTERS if isinstance(kept[key], dict) else _MOST):
                kept.pop(next(iter(kept)))
        found = kept[key]
        # Files by name: whoever asks may change theirs.
        return dict(found) if isinstance(found, dict) else found

    remembered.is_remembered = True  # type: ignore[attr-defined]
    return remembered


def _key(word: object) -> object:
    """A value as a part of a key. Of bytes it has their digest, which is quicker to make."""
    if isinstance(word, dict):
        return tuple((name, hashlib.sha256(data).digest()) for name, data in word.items())
    return hashlib.sha256(word).digest() if isinstance(word, bytes) else repr(word)
