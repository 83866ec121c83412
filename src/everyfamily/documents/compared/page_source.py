"""The source of a web page as tokens: whole tags, with their attributes, and words. Nothing is interpreted.

Programs differ in what they make of a page. Comparing every token of the source avoids that question: if a page differs
from the sealed one in a style, an attribute, a comment or a tag, a token differs.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"<[^>]*>?|[^<\s]+")
_SPACE = "\u2423"
"""Replaces white space within a tag, so that a tag is one word."""
_TELEPHONE = re.compile(r'href="tel:[0-9+]+"')
_NUMBER_LINK = re.compile(rf'<a{_SPACE}class="n"{_SPACE}')
_WITHIN_A_NUMBER = frozenset({"</a>", f'<bdi{_SPACE}dir="ltr">', "</bdi>"})


def tokens_of_html(source: str) -> list[str]:
    """Tags and words of a page's source in order. All white space counts as one space."""
    pieces = _TOKEN.findall(source.replace("&nbsp;", " "))
    return [_SPACE.join(piece.split()) for piece in pieces if not piece.isspace()]


def may_fill_a_gap(token: str, sealed: frozenset[str]) -> bool:
    """Whether a token may be where a page holds a school's own values: a word, or a part of a telephone link.

    `sealed` are the tokens of the sealed page. A telephone link must look like one of these.
    """
    if "<" not in token and ">" not in token:
        return True
    if token in _WITHIN_A_NUMBER:
        return True
    return bool(_NUMBER_LINK.match(token)) and _anonymous(token) in {_anonymous(one) for one in sealed}


def _anonymous(token: str) -> str:
    return _TELEPHONE.sub('href="tel:"', token)
