"""What a screen reader says for a text whose letters a PDF does not hold in reading order.

Typst draws Arabic letters from left to right, and draws some of Bengali twice. So a reader
that goes by the letters drawn says nonsense. `/ActualText` gives it the words themselves.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf

from everyfamily.rendering.typesetting import LetterNotSet

_DEEPEST = 200


def with_said_text(pdf: bytes, said: Sequence[tuple[str, str]], *, pack: bool) -> bytes:
    """The same PDF with each text of `said` (its language and its words) on the element that it was set in, in order.

    Elements are found by their language, and those in other languages stay as they are. Raises LetterNotSet unless
    there is exactly one for each.

    `pack` puts its small objects into compressed streams: Typst writes the tags of each letter as some 250 plain
    objects, so a bundle is less than half as large. Only bundles are packed. The bytes of a single letter without such
    texts are sealed as Typst writes them.
    """
    if not said and not pack:
        return pdf
    languages = {language for language, _ in said}
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        found = list(_in_languages(document.Root.StructTreeRoot.K, languages, 0)) if said else []
        if [str(element.Lang) for element in found] != [language for language, _ in said]:
            raise LetterNotSet(
                f"The lines in other languages are not all in the letter's structure ({len(found)} of {len(said)}).",
                "Please report this with the letter's pack.",
            )
        for element, (_, words) in zip(found, said, strict=True):
            element.ActualText = pikepdf.String(words)
        mode = pikepdf.ObjectStreamMode.generate if pack else pikepdf.ObjectStreamMode.preserve
        document.save(out, object_stream_mode=mode, deterministic_id=True)
    return out.getvalue()


def _in_languages(node: Any, languages: set[str], depth: int) -> Iterator[pikepdf.Dictionary]:
    """Elements with one of the languages, in reading order, and nothing from inside them."""
    if depth > _DEEPEST:
        return
    if isinstance(node, pikepdf.Array):
        for kid in node:
            yield from _in_languages(kid, languages, depth + 1)
    elif isinstance(node, pikepdf.Dictionary):
        if str(node.get("/Lang", "")) in languages:
            yield node
        elif "/K" in node:
            yield from _in_languages(node.K, languages, depth + 1)
