"""A letter file that somebody sends in to be verified is read or refused, whatever was done to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.documents.compared.letter_files import Reading, read_letter_file
from tests.fuzz.mutate import CORPUS, LONG, SHORT, mutated, outcome

WORDS = {
    ".pdf": (
        *(
            b"/StructTreeRoot",
            b"/K",
            b"/S",
            b"/P",
            b"/MCID",
            b"/ActualText",
            b"/Alt",
            b"/Type",
            b"/Kids",
            b"/Annots",
        ),
        *(
            b"/ToUnicode",
            b"/Resources",
            b"/Font",
            b"/XObject",
            b"/A",
            b"/URI",
            b"/Names",
            b"/Outlines",
            b"/Title",
        ),
        *(
            b"null",
            b"[",
            b"]",
            b"<<",
            b">>",
            b"(",
            b")",
            b" 0 R",
            b"BDC",
            b"EMC",
            b"Tj",
            b"TJ",
            b"Tf",
            b"q",
            b"Q",
        ),
        *(
            b"beginbfrange",
            b"endbfrange",
            b"beginbfchar",
            b"endbfchar",
            b"<FFFFFFFFFF>",
            b"<0>",
            b"<D800>",
            b"/Encrypt",
        ),
        *(
            b"/Artifact",
            b"/Span",
            b"/Subtype",
            b"/Type0",
            b"/AA",
            b"/OpenAction",
            b"/AcroForm",
            b"endstream",
            b"endobj",
        ),
    ),
    ".eml": (
        *(
            b"Subject:",
            b"From:",
            b"Reply-To:",
            b"Content-Type:",
            b"multipart/alternative",
            b"text/plain",
            b"text/html",
        ),
        *(
            b"message/rfc822",
            b"multipart/mixed",
            b"boundary=",
            b"charset=",
            b"utf-8",
            b"utf-7",
            b"x-none",
            b"rot13",
        ),
        *(
            b"Content-Transfer-Encoding:",
            b"base64",
            b"quoted-printable",
            b"uuencode",
            b"--b1",
            b"--b1--",
            b"\n\n",
        ),
        *(
            b"=?utf-8?b?/w==?=",
            b"=?x?q??=",
            b"<@>",
            b"(" * 2_000,
            b"filename*=utf-8''%ff",
            b"group: a@example.com;",
            b"hex",
        ),
    ),
    ".html": (
        b"<html",
        b"<p>",
        b"<script>",
        b"<style>",
        b"<!--",
        b"-->",
        b"<![CDATA[",
        b"&nbsp;",
        b"&#x110000;",
        b"<?",
    ),
    ".txt": (b"ES-2703-K7R4", b"<html"),
}
SEEDS = {path: path.read_bytes() for path in sorted((CORPUS / "documents").iterdir())}
FILES = st.one_of(
    [
        st.tuples(
            st.just(suffix), mutated([data for path, data in SEEDS.items() if path.suffix == suffix], words)
        )
        for suffix, words in WORDS.items()
    ]
)


def check(suffix: str, data: bytes) -> None:
    found = outcome(lambda: read_letter_file(data, f"letter{suffix}"))
    assert isinstance(found, (Reading, Exception))


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name)
def test_each_file_of_the_corpus_is_read_or_refused(path) -> None:  # type: ignore[no-untyped-def]
    check(path.suffix, SEEDS[path])


@given(FILES)
@SHORT
def test_a_damaged_letter_is_read_or_refused(file: tuple[str, bytes]) -> None:
    check(*file)


@pytest.mark.nightly
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@given(FILES)
@LONG
def test_thousands_of_damaged_letters_are_read_or_refused(file: tuple[str, bytes]) -> None:
    check(*file)
