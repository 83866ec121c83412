"""What a screen reader says for a text whose letters a PDF does not hold in reading order.

Typst draws Arabic letters from left to right, and draws some of Bengali twice. So a reader that goes by what is drawn
says nonsense. `/ActualText` gives it the words themselves.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import pikepdf

from everyfamily.rendering.marked_text import MARKS
from everyfamily.rendering.typesetting import LetterNotSet

_DEEPEST = 200
_CONTENT = re.compile(rb"/MCID (\d+)(?:/Lang\(([A-Za-z-]+)\))?")
_LANGUAGE = re.compile(rb"/Lang\(([a-z]{2,3})-([A-Z]{2})\)")


def with_said_text(
    pdf: bytes,
    said: Sequence[tuple[str, str]],
    *,
    pack: bool,
    pieces: Mapping[str, str] | None = None,
) -> bytes:
    """The same PDF with the words of each text that is drawn in another order than it is read.

    `said` are texts in other languages than the letter's (language and words, in order): each is one element of the
    structure. `pieces` are those of a letter in such a language, by their code (marked_text.py). Raises LetterNotSet
    unless all of them are there.

    `pack` puts its small objects into compressed streams: Typst writes the tags of each letter as some 250 plain
    objects, so a bundle is less than half as large. Only bundles are packed. The bytes of a single letter without such
    texts are sealed as Typst writes them.
    """
    if not said and not pack and not pieces:
        return pdf
    languages = {language for language, _ in said}
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        found = list(_in_languages(document.Root.StructTreeRoot.K, languages, 0)) if said else []
        if [str(element.Lang) for element in found] != [language for language, _ in said]:
            raise _missing(len(found), len(said))
        for element, (_, words) in zip(found, said, strict=True):
            element.ActualText = pikepdf.String(words)
        if pieces:
            _Said(document, pieces).say()
        mode = pikepdf.ObjectStreamMode.generate if pack else pikepdf.ObjectStreamMode.preserve
        document.save(out, object_stream_mode=mode, deterministic_id=True)
    return out.getvalue()


def _missing(found: int, wanted: int) -> LetterNotSet:
    return LetterNotSet(
        f"The words in other scripts are not all in the letter's structure ({found} of {wanted}).",
        "Please report this with the letter's pack.",
    )


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


type _Page = tuple[int, int]


class _Said:
    """Puts the words of pieces into one document, and takes their codes out of it."""

    def __init__(self, document: pikepdf.Pdf, pieces: Mapping[str, str]) -> None:
        self._document, self._pieces = document, pieces
        self._language = str(document.Root.Lang)
        self._codes: dict[tuple[_Page, int], str] = {}
        self._parents: dict[_Page, pikepdf.Array] = {}
        self._met: set[str] = set()

    def say(self) -> None:
        """Do it. Raises LetterNotSet unless every piece that is drawn is in the structure."""
        tree = self._document.Root.StructTreeRoot
        parents = dict(_numbers(tree.ParentTree))
        for page in self._document.pages:
            self._parents[page.obj.objgen] = parents[int(page.obj.StructParents)]
            self._read(page)
        self._visit(tree.K, None, None, 0)
        drawn = {code for code in map(self._code, self._codes.values()) if code is not None}
        if not drawn <= self._met:
            raise _missing(len(self._met), len(self._met | drawn))
        with self._document.open_outline() as outline:
            entries = list(outline.root)
            while entries:
                entry = entries.pop()
                entry.title = MARKS.sub("", entry.title)
                entries += entry.children

    def _read(self, page: pikepdf.Page) -> None:
        data = page.obj.Contents.read_bytes()
        for found in _CONTENT.finditer(data):
            if found[2] is not None:
                self._codes[page.obj.objgen, int(found[1])] = found[2].decode()
        plain = _LANGUAGE.sub(lambda found: found[0] if found[2].decode() not in self._pieces else b"", data)
        if plain != data:
            page.obj.Contents.write(plain)

    def _code(self, language: str | None) -> str | None:
        region = (language or "").partition("-")[2]
        return region if region in self._pieces else None

    def _visit(self, node: Any, code: str | None, page: _Page | None, depth: int) -> None:
        if depth > _DEEPEST:
            return
        if isinstance(node, pikepdf.Array):
            for kid in node:
                self._visit(kid, code, page, depth + 1)
            return
        if not isinstance(node, pikepdf.Dictionary) or "/S" not in node or "/K" not in node:
            return
        code = self._code_of(node, code)
        page = node.Pg.objgen if "/Pg" in node else page
        kids = list(node.K) if isinstance(node.K, pikepdf.Array) else [node.K]
        runs = [(of, list(run)) for of, run in groupby(kids, lambda kid: self._of(kid, code, page))]
        if len(runs) == 1 and runs[0][0] is not None:
            self._met.add(runs[0][0])
            node.ActualText = pikepdf.String(self._pieces[runs[0][0]])
        elif any(of is not None for of, _ in runs):
            node.K = pikepdf.Array([kid for of, run in runs for kid in self._wrapped(of, run, node, page)])
        for kid in kids:
            self._visit(kid, code, page, depth + 1)

    def _code_of(self, node: pikepdf.Dictionary, around: str | None) -> str | None:
        """The code of what is directly in an element, which is then no longer in the file."""
        if "/T" in node:
            node.T = pikepdf.String(MARKS.sub("", str(node.T)))
        if "/Lang" not in node:
            return around
        code = self._code(str(node.Lang))
        if code is not None:
            node.Lang = pikepdf.String(self._language)
        return code

    def _of(self, kid: Any, code: str | None, page: _Page | None) -> str | None:
        """The piece that a kid of an element belongs to, if it is content."""
        at = _content(kid, page)
        if at is None:
            return None
        language = self._codes.get(at)
        return code if language is None else self._code(language)

    def _wrapped(
        self, code: str | None, run: list[Any], node: pikepdf.Dictionary, page: _Page | None
    ) -> list[Any]:
        """The kids as they are, or an element around those of one piece."""
        if code is None:
            return run
        self._met.add(code)
        span = self._document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.StructElem,
                S=pikepdf.Name.Span,
                P=node,
                K=pikepdf.Array(run),
                ActualText=pikepdf.String(self._pieces[code]),
            )
        )
        if "/Pg" in node:
            span.Pg = node.Pg
        for kid in run:
            at = _content(kid, page)
            if at is not None:
                self._parents[at[0]][at[1]] = span
        return [span]


def _content(kid: Any, page: _Page | None) -> tuple[_Page, int] | None:
    """Page and number of marked content, or None for an element."""
    if isinstance(kid, pikepdf.Dictionary):
        if "/MCID" not in kid or "/S" in kid:
            return None
        page = kid.Pg.objgen if "/Pg" in kid else page
        return None if page is None else (page, int(kid.MCID))
    return None if page is None else (page, int(kid))


def _numbers(tree: Any) -> Iterator[tuple[int, pikepdf.Array]]:
    """The entries of a number tree."""
    if "/Nums" in tree:
        flat = list(tree.Nums)
        yield from ((int(number), value) for number, value in zip(flat[::2], flat[1::2], strict=True))
    for kid in tree.get("/Kids", []):
        yield from _numbers(kid)
