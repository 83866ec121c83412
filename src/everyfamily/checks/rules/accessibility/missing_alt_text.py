"""Pictures that say nothing to somebody who cannot see them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.letter.file_pieces import image_piece
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip, whole
from everyfamily.core.text.outside_document import Image

_FILE_NAME = re.compile(
    r"\S{1,120}\.(?:png|jpe?g|gif|svg|bmp|webp|tiff?|emf|wmf)|(?:image|picture|img|photo|graphic)[ _-]?\d{0,6}",
    re.IGNORECASE,
)
_DOT = 3
"""Pixels. A picture as small as this is not a picture for a reader, and another rule looks at what it is for."""
_HINT = "Say in a few words what it shows (“Logo of Eastmere City Council”), or mark it as decoration."


def check(context: CheckContext) -> Iterator[Hit]:
    """At most one hit for each file for pictures without a description, and one for those named like files."""
    for document in context.documents:
        pictures = [image for image in document.images if not _is_dot(image)]
        silent = [image for image in pictures if image.alt is None]
        if silent:
            what = "A picture has" if len(silent) == 1 else f"{len(silent)} pictures have"
            yield whole(image_piece(silent[0]), f"{what} no words for who cannot see", _HINT)
        named = [image for image in pictures if _FILE_NAME.fullmatch((image.alt or "").strip()[:140])]
        if named:
            alt = clip((named[0].alt or "").strip())
            yield whole(image_piece(named[0]), f"“{alt}” does not say what the picture shows", _HINT)


def _is_dot(image: Image) -> bool:
    return any(size is not None and size <= _DOT for size in (image.width, image.height))


RULE = Rule("AC005", "missing-alt-text", Severity.WARNING, "rendered", check)
