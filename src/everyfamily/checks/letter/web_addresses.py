"""Web addresses and mailboxes in a text, whether in a link or only printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from everyfamily.checks.letter.file_pieces import pieces_by_file
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.text.pieces import Piece

_PRINTED = re.compile(
    r"(?<![\w@.-])(https?://)?(?:[\w-]{1,63}\.){1,6}[\w-]{2,24}(?::\d{1,5})?(?![\w@-])(?:[/?#][^\s<>\"“”]{0,2000})?",
    re.IGNORECASE,
)
_MAILBOX = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}(?![\w@-])", re.IGNORECASE)
_ENDINGS = frozenset(
    re.findall(
        r"\S+",
        "uk com org net gov info example io ly gl gd co eu tv app link page site online website edu int "
        "biz ie wales scot cymru london ",
    )
)
"""How an address printed without https:// or www. may end. Otherwise "home.Please" would be one."""
_AFTER = ".,;:!?)]}'’*_"


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address and where it is: `start` and `end` are offsets of the piece's text, and `address` is where it
    leads."""

    piece: Piece
    start: int
    end: int
    address: str
    is_link: bool

    @property
    def words(self) -> str:
        """What a reader sees."""
        return self.piece.text[self.start : self.end]

    @property
    def parts(self) -> SplitResult:
        """The parts of the address. An address that is not valid is empty."""
        return _parts(self.address)

    @property
    def host(self) -> str:
        """The host in lower case, without "www.". Empty for anything but a web address."""
        return _host(self.parts)


def host_of(printed: str) -> str:
    """The host, if the words as a whole are an address. Otherwise empty."""
    match = _PRINTED.fullmatch(printed.strip().rstrip(_AFTER)[:500])
    if match is None or not _is_address(match):
        return ""
    return _host(_parts(match.group()))


def addresses_of(context: CheckContext) -> Iterator[WebAddress]:
    """Every web address that a family can follow: in the text, and behind the links of our rendered files."""
    for piece in context.pieces:
        yield from addresses_in(piece)
    if context.letter is not None:
        for _, pieces in pieces_by_file(context):
            for piece in pieces:
                yield from _links(piece)


def addresses_in(piece: Piece) -> Iterator[WebAddress]:
    """Links, then what is printed as an address outside any link."""
    links = list(_links(piece))
    yield from links
    linked = sorted((link.start, link.end) for link in links)
    position = 0
    for match in _PRINTED.finditer(piece.text):
        if not _is_address(match):
            continue
        while position < len(linked) and linked[position][1] <= match.start():
            position += 1
        if position < len(linked) and linked[position][0] < match.end():
            continue
        printed = match.group().rstrip(_AFTER)
        yield WebAddress(piece, match.start(), match.start() + len(printed), printed, is_link=False)


def mailboxes_in(piece: Piece) -> Iterator[tuple[int, int, str]]:
    """Offsets and spelling of each email address in the text."""
    if "@" not in piece.text:
        return
    for match in _MAILBOX.finditer(piece.text):
        yield match.start(), match.end(), match.group()


def _links(piece: Piece) -> Iterator[WebAddress]:
    for link in piece.block.links if piece.block is not None else ():
        if link.address[:8].casefold().startswith(("http://", "https://", "//", "www.")):
            yield WebAddress(piece, link.start, link.end, link.address, is_link=True)


def _is_address(match: re.Match[str]) -> bool:
    printed = match.group()
    if match.group(1) or printed[:4].casefold() == "www.":
        return True
    host = re.split("[/?#:]", printed, maxsplit=1)[0]
    return host.rpartition(".")[2].casefold() in _ENDINGS and not host[:1].isdigit()


def _parts(address: str) -> SplitResult:
    try:
        return urlsplit(address if "://" in address or address.startswith("//") else f"//{address}")
    except ValueError:
        return urlsplit("")


def _host(parts: SplitResult) -> str:
    try:
        return (parts.hostname or "").rstrip(".").removeprefix("www.")
    except ValueError:
        return ""
