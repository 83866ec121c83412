"""The parent site's texts, written by people, are read or refused with file and line; what is read can be shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from everyfamily.core.packs.packs import parse_pack
from everyfamily.core.packs.site_pack import SitePack, load_site_pack
from everyfamily.core.packs.site_text import SiteText
from everyfamily.parentsite.lines import Gaps, Line, Speaker
from tests.factories.demonstration import demo_partnership, pack_files
from tests.factories.sealed import SITE_PACK
from tests.fuzz.mutate import CORPUS, LONG, SHORT, mutated, outcome

PAGES = {path.name: path.read_bytes() for path in sorted(SITE_PACK.iterdir())}
PACK = pack_files()
TOPIC = sorted(name for name in PACK if name.startswith("site."))
SEEDS = {path.name: path.read_bytes() for path in sorted((CORPUS / "parent_site").iterdir())}
WORDS = {
    ".toml": (b"[site]", b"[site.translations.xx]", b'"en"', b"review_on", b"1979-05-27", b"{a=" * 2_000, b"'''"),
    ".md": (
        *(
            b"# ",
            b"## ",
            b"- ",
            b" | ",
            b"{#home}",
            b"{#signs}",
            b"{source=S1}",
            b"((",
            b"))",
            b"((area))",
            b"??",
        ),
        *(
            b"((route emergency))",
            b"((route school))",
            b"((route ",
            b"\n\n",
            "…".encode(),
            "\ue0000\ue001".encode(),
        ),
        *(b"((area??x))", b"<script>", b"{", b"}"),
        *(b"55", "۵۵".encode(), "٩".encode(), "²".encode(), b"help.example.org", b"x@example.org"),
        *("\u202e".encode(), "\u200b".encode(), "\u200f".encode()),
    ),
}
DAY = "2 March 2027"


def _damaged(files: Mapping[str, bytes]) -> st.SearchStrategy[tuple[str, bytes]]:
    return st.one_of(
        [
            st.tuples(st.just(name), mutated([data], WORDS[Path(name).suffix]))
            for name, data in sorted(files.items())
        ]
    )


def _can_be_shown(texts: Mapping[str, SiteText]) -> None:
    gaps = Gaps(demo_partnership(), dict.fromkeys(texts, DAY))
    english = Speaker(texts, "en", gaps)
    for tag in texts:
        speaker = Speaker(texts, tag, gaps)
        for section in texts["en"].sections:
            own, theirs = speaker[section.id], english[section.id]
            for line, other in zip((own.heading, *own.lines), (theirs.heading, *theirs.lines), strict=True):
                assert _to_call(line) == _to_call(other), (tag, line.id)


def _to_call(line: Line) -> tuple[set[str], set[int]]:
    """Where a line leads, and which digits it shows: a translation has those of the English, or was refused."""
    html = Markup(f"{line.html} {line.aside or ''}")
    digits = {unicodedata.digit(one) for one in html.striptags() if one.isdigit()}
    return set(re.findall(r'href="([^"]*)"', html)), digits


def check_pages(name: str, data: bytes) -> None:
    with TemporaryDirectory() as folder:
        place = Path(folder) / "parent-site"
        place.mkdir()
        for file, held in {**PAGES, name: data}.items():
            (place / file).write_bytes(held)
        read = outcome(lambda: load_site_pack(place))
    if isinstance(read, SitePack):
        _can_be_shown(read.texts)


def check_topic(name: str, data: bytes) -> None:
    read = outcome(lambda: parse_pack({**PACK, name: data}, "pack"))
    if not isinstance(read, Exception):
        _can_be_shown(read.site)


@pytest.mark.parametrize("name", SEEDS)
def test_each_file_of_the_corpus_is_read_or_refused(name: str) -> None:
    check_pages(name.rpartition("-")[2], SEEDS[name])


@given(_damaged(PAGES))
@SHORT
@pytest.mark.slow
def test_damaged_general_pages_are_read_or_refused(file: tuple[str, bytes]) -> None:
    check_pages(*file)


@given(_damaged({name: PACK[name] for name in TOPIC}))
@SHORT
@pytest.mark.slow
def test_damaged_pages_of_a_topic_are_read_or_refused(file: tuple[str, bytes]) -> None:
    check_topic(*file)


@pytest.mark.nightly
@given(_damaged(PAGES))
@LONG
def test_thousands_of_damaged_general_pages_are_read_or_refused(file: tuple[str, bytes]) -> None:
    check_pages(*file)


@pytest.mark.nightly
@given(_damaged({name: PACK[name] for name in TOPIC}))
@LONG
def test_thousands_of_damaged_pages_of_a_topic_are_read_or_refused(file: tuple[str, bytes]) -> None:
    check_topic(*file)
