"""A link that says who followed it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote

from everyfamily.checks.letter.web_addresses import WebAddress, addresses_of
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule

_TAGS = re.compile(
    r"(?:utm_\w{1,30}|fbclid|gclid|dclid|msclkid|mc_eid|mc_cid|igshid|yclid|_hsenc|_hsmi|mkt_tok|vero_id"
    r"|oly_enc_id"
    r"|oly_anon_id|s_cid|trk|trkinfo)",
    re.IGNORECASE,
)
_ABOUT_THE_READER = re.compile(
    r"(?:e?mail|email_?address|recipient(?:_?id)?|subscriber(?:_?id)?|contact_?id|parent_?id|pupil_?id|upn"
    r"|uid|user_?id"
    r"|token|hash|eid|cid|rid|mid)",
    re.IGNORECASE,
)
_WRAPPERS = (
    *("safelinks.protection.outlook.com", "urldefense.com", "urldefense.proofpoint.com", "list-manage.com"),
    *("links.govdelivery.com", "lnks.gd", "click.mlsend.com", "ct.sendgrid.net", "linkprotect.cudasvc.com"),
    *("mandrillapp.com", "cmail19.com", "cmail20.com", "click.icptrack.com", "protect-eu.mimecast.com"),
)
"""Hosts that mail systems use to count clicks or screen links, including everything under them."""
_MAILBOX = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.]{2,60}")
_TOKEN = re.compile(
    r"(?<![\w-])(?=[\w-]{0,60}\d)(?=[\w-]{0,60}[a-z])(?=[\w-]{0,60}[A-Z])[A-Za-z0-9_]{24,200}(?![\w-])"
)
_HEX = re.compile(
    r"(?<![0-9a-zA-Z])(?:[0-9a-f]{32,128}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-zA-Z])"
)
_HINT = "Print the plain address, the same for every family."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each address that identifies a reader or a mailing."""
    for address in addresses_of(context):
        why = _why(address)
        if why is not None:
            yield Hit(address.piece, address.start, address.end, f"The link {why}", _HINT)


def _why(address: WebAddress) -> str | None:
    host = address.host
    for wrapper in _WRAPPERS:
        if host == wrapper or host.endswith(f".{wrapper}"):
            return f"goes through {wrapper}, which sees who clicks"
    parts = address.parts
    for name, value in _query(parts.query):
        if _TAGS.fullmatch(name):
            return f"carries “{name[:20]}”, which follows its readers"
        if _ABOUT_THE_READER.fullmatch(name) and value:
            return f"carries “{name[:20]}”, which can tell who followed it"
    rest = unquote(f"{parts.path}?{parts.query}"[:4000])
    if _MAILBOX.search(rest):
        return "holds somebody's email address"
    if _TOKEN.search(rest) or _HEX.search(rest):
        return "holds a long key that may identify one reader"
    return None


def _query(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query[:4000], keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return []


RULE = Rule("TR017", "tagged-link", Severity.WARNING, "text", check)
