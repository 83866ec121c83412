"""The source of a web page as tokens: tags whole, with their attributes, and words. Nothing is interpreted.

Programs differ on what they make of a page. Whoever compares every token of its source needs not to know: a page
that differs from the sealed one in a style, an attribute, a comment or a tag differs in a token.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"<[^>]*>?|[^<\s]+")
_SPACE = "\u2423"
"""Stands for white space within a tag, so that a tag is one word."""
_TELEPHONE = re.compile(r'href="tel:[0-9+]+"')
_NUMBER_LINK = re.compile(rf'<a{_SPACE}class="n"{_SPACE}')
_WITHIN_A_NUMBER = frozenset({"</a>", f'<bdi{_SPACE}dir="ltr">', "</bdi>"})


def tokens_of_html(source: str) -> list[str]:
    """Tags and words of a page's source in order; white space is one space, and no more than a space."""
    pieces = _TOKEN.findall(source.replace("&nbsp;", " "))
    return [_SPACE.join(piece.split()) for piece in pieces if not piece.isspace()]


def may_fill_a_gap(token: str, sealed: frozenset[str]) -> bool:
    """Whether a token may stand where a page holds a school's own values: a word, or a part of a telephone link.

    `sealed` are the tokens of the sealed page: a telephone link looks like one of these.
    """
    if "<" not in token and ">" not in token:
        return True
    if token in _WITHIN_A_NUMBER:
        return True
    return bool(_NUMBER_LINK.match(token)) and _anonymous(token) in {_anonymous(one) for one in sealed}


def _anonymous(token: str) -> str:
    return _TELEPHONE.sub('href="tel:"', token)
