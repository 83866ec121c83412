"""A picture that reports who opened the letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.letter.file_pieces import image_piece
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole
from everyfamily.core.text.outside_document import Image

_REMOTE = ("http://", "https://", "//")
_REPORTS = re.compile(
    r"/(?:open|opens|track|tracking|pixel|beacon|wf/open|o/e)(?:[./?]|$)|[?&](?:open|pixel|beacon)="
    r"|list-manage\.com/track|google-analytics\.com/|facebook\.com/tr[?/]|/(?:pixel|spacer|blank|clear"
    r"|1x1)\.(?:gif|png)",
    re.IGNORECASE,
)
_TINY = 2
"""Pixels. Nobody sees a picture of this size, so it is there for something else."""
_HINT = "Take the picture out; coverage is counted without it."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each picture loaded from elsewhere that is too small to see, or that comes from a counting
    service."""
    for document in context.documents:
        for image in document.images:
            if not image.address[:8].casefold().startswith(_REMOTE):
                continue
            if _is_tiny(image):
                yield whole(image_piece(image), "A picture too small to see reports who opened the letter", _HINT)
            elif _REPORTS.search(image.address[:2000]):
                yield whole(
                    image_piece(image), "The address of this picture reports who opened the letter", _HINT
                )


def _is_tiny(image: Image) -> bool:
    return any(size is not None and size <= _TINY for size in (image.width, image.height))


RULE = Rule("TR018", "tracking-pixel", Severity.WARNING, "rendered", check)
