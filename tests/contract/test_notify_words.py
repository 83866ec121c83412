"""No sealed word is changed by GOV.UK Notify's Markdown or by its alphabet of text messages.

`as_read` is our own reading of Notify's public page on formatting, only as far as words go.
"""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.channels.notify.words import WordsNotSayable, as_markdown, in_subject, is_written_in_a_text
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.rendering.email import render_email
from everyfamily.rendering.sms import render_sms
from tests.factories.demonstration import HARBOUR, demo_letter
from tests.factories.each import each

_ESCAPED = re.compile(r"\\([\\`*{}\[\]()#+\-.!_>~|])")


def as_read(body: str) -> str:
    """What is left of a body once Notify has read it: marks of lists and headings gone, numbers of a list its own."""
    lines: list[str] = []
    number = 0
    for raw in body.split("\n"):
        numbered = re.match(r" *\d+\.", raw)
        number = number + 1 if numbered else 0
        if re.match(r" *\[[^\]]*\]: ", raw) or re.fullmatch(r" {0,3}([-*_] *){3,}|[=-]+|[-:| ]*\|[-:| ]*", raw):
            continue
        line = f"{number}. {raw[numbered.end() :]}" if numbered else re.sub(r"^ *(#{1,6}|[•*-]|\^)", "", raw)
        lines.append(_inline(line))
    return html.unescape("\n".join(lines))


def _inline(line: str) -> str:
    pieces = []
    for piece in re.split(r"(https?://[^\s<]+)", line):
        if piece.startswith("http"):
            pieces.append(piece)
            continue
        # What is escaped is set aside, so that nothing after reads it.
        piece = _ESCAPED.sub(lambda found: f"\ue000{ord(found[1])}\ue001", piece)
        piece = re.sub(r"!\[[^\]]*\]\([^)]*\)|\[\^[^\]]*\]|<[^>]*>", "", piece)
        piece = re.sub(r"\[([^\]]*)\](\([^)]*\))?", r"\1", piece).replace("\\", "")
        pieces.append(re.sub("\ue000(\\d+)\ue001", lambda found: chr(int(found[1])), piece))
    return "".join(pieces)


def bare(text: str) -> str:
    """The text without spaces and without dashes and bullets that are no sign of a number."""
    return re.sub(r"\s|[-•](?![0-9])", "", text)


PIECES = st.sampled_from(
    """999. Ring|101.|-5|- item|* a|*b*|# head|#|1. one|2) two|১. এক|[a](b)|![i](j)|[x]: http://q|[^1]: foo|`code`|
    ~~s~~|```|https://a.example/b_c?d=e_f|http://x.example/a[b]|a ¦ b|¦a¦b¦|---¦---|---|===|^ quote|word|It's|a_b_c|
    “Hi” - there|\\|GOV.UK|0151 496 0120|call 999.|  indented|    four|x <b>|&amp;|R&D|(0)|++|_x_|+44 1|!|• dot|•dot|
    - - x|- [a]|- 1. y|- ^ z|...|{x}|((name))|a - b|Café Môr|يتيم""".replace("\n    ", "").split("|")
).map(lambda piece: piece.replace("¦", "|"))
TEXTS = st.lists(st.lists(PIECES, max_size=3).map(" ".join), max_size=6).map("\n".join)


@given(TEXTS)
def test_no_word_is_changed_or_it_is_refused(text: str) -> None:
    try:
        marked = as_markdown(text, "a key")
    except WordsNotSayable:
        return
    assert bare(as_read(marked)) == bare(text)


@pytest.mark.parametrize(
    "text", ["999. Ring", "2.5 million", "# head", "-5 degrees", "[x]: y", "a [b](c)", "![i](j)", "* a", "১. এক"]
)
def test_without_marks_a_word_would_be_lost(text: str) -> None:
    """The reading above is not blind: it does change what is not marked."""
    assert bare(as_read(f"{text}\n")) != bare(text)
    assert bare(as_read(as_markdown(text, "a key"))) == bare(text)


@each(
    "line",
    [
        "^ quote",
        "^",
        "---",
        "- - -",
        "===",
        "* * *",
        "_____",
        "|--|--|",
        "•dot",
        "a <b> c",
        "&amp;",
        "&copy 2027",
        "a \\ b",
    ],
)
def test_what_cannot_be_marked_is_refused_and_its_line_named(line: str) -> None:
    with pytest.raises(WordsNotSayable, match="line 3 of"):
        as_markdown(f"Dear parent\n\n{line}\n", "ES-2703-K7R4 en 900003")
    with pytest.raises(WordsNotSayable):
        as_markdown(f"- {line}", "a key")


def test_a_web_address_stays_whole() -> None:
    line = "See https://families.eastmere.example/spring_2027?a=[b]~c and [this]."
    assert as_markdown(line, "a key") == line.replace("[this]", "\\[this\\]")


def test_a_list_stays_a_list_and_stands_apart() -> None:
    assert as_markdown("Ask:\n- one\n• two\nthen", "a key") == "Ask:\n\n- one\n- two\nthen"


@pytest.mark.parametrize("gaps", [HARBOUR, PersonalGaps()])
def test_the_demonstrations_letter_can_be_said(gaps: PersonalGaps) -> None:
    letter = demo_letter()
    for language in letter.texts:
        email = render_email(letter, language, gaps)
        assert bare(as_read(as_markdown(email.text, "a key"))) == bare(email.text)
        assert in_subject(email.subject, "a key") == email.subject
        assert is_written_in_a_text(render_sms(letter, language, gaps).text)


@pytest.mark.parametrize("subject", ["Talk &amp; listen", "&lt;b&gt;", "A &copy B"])
def test_a_subject_with_an_entity_is_refused(subject: str) -> None:
    with pytest.raises(WordsNotSayable):
        in_subject(subject, "a key")


@pytest.mark.parametrize(
    ("text", "is_sent"),
    [
        ("Plain, Môr, Ŵŷ, €5 [a] {b}", True),
        ("“Quoted” — and… plain’s", True),
        ("zażółć", False),
        ("çok", False),
        ("ε", False),
        ("آپ", False),
        ("\N{TELEPHONE RECEIVER}", False),
    ],
)
def test_a_text_message_is_sent_only_as_it_is(text: str, is_sent: bool) -> None:
    assert is_written_in_a_text(text) is is_sent
