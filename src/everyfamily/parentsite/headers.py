"""What the parent site's server says with each answer: one table for nginx, Caddy, our small server and the tests.

Nothing here sets a cookie or names a visitor. A page may load only this site's own styles, script, pictures and fonts,
and its script may send nothing anywhere. So what a parent chose cannot leave the page, even if we make a mistake. The
entity tag that servers add is made from a file's time and size and is the same for everyone, so it identifies nobody.
"""

from __future__ import annotations

from enum import Enum


class Kind(Enum):
    """What an address of the site leads to."""

    PAGE = "page"
    ASSET = "asset"
    """A file with a digest of its content in its name, so it never changes."""
    SEAL = "seal"
    """The published record of one sealed letter, JSON."""
    FILE = "file"
    """A letter as PDF."""
    NOT_FOUND = "not found"


FOLDERS = {"assets": Kind.ASSET, "seals": Kind.SEAL, "files": Kind.FILE}
"""The folders directly under the site's root that have no pages."""

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".pdf": "application/pdf",
    ".mp3": "audio/mpeg",
}
"""We say these ourselves and do not rely on a server's own list: with `nosniff`, a wrong type means a page without its
styles."""

META_CSP = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "media-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        # No text may become markup or script. Browsers that do not know these two words ignore them.
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
)
"""The policy for a page's own <meta>, if a host gives no headers. `frame-ancestors` works only in a header.

`upgrade-insecure-requests` is left out, because every source is 'self': a page that came by https loads nothing by
http.
"""

PAGE_CSP = f"{META_CSP}; frame-ancestors 'none'"
# No source is named: browsers show a PDF with a page of their own, and a record or an asset loads nothing.
FILE_CSP = "default-src 'none'; frame-ancestors 'none'"

# What a page never needs, so that no script can ask for it. Only names that browsers know, because others fill their
# consoles with warnings.
REFUSED_FEATURES = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media",
    "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer",
    "microphone", "midi", "payment", "serial", "usb",
)  # fmt: skip

PAGE_SECONDS = 300
"""How long a browser may show a page without asking again. A corrected telephone number is late by at most this, while
the server answers."""
MISSING_SECONDS = 60
YEAR_SECONDS = 31_536_000

# A stale page is better than none while the server is down: numbers change rarely, and 999 never. No network on the way
# may change a page, neither to add a script nor to make an address unreadable.
BRIEFLY = f"max-age={PAGE_SECONDS}, stale-if-error=86400, no-transform"
CACHE = {
    Kind.PAGE: BRIEFLY,
    Kind.ASSET: f"max-age={YEAR_SECONDS}, immutable",
    Kind.SEAL: f"max-age={PAGE_SECONDS}",
    Kind.FILE: f"max-age={PAGE_SECONDS}",
    Kind.NOT_FOUND: f"max-age={MISSING_SECONDS}",
}


def headers(kind: Kind, *, https: bool) -> dict[str, str]:
    """The headers of an answer of this kind, by name, in addition to those that every server adds (type, length, date,
    entity tag).

    `https` adds Strict-Transport-Security, only for this name. We may not decide for names next to it or under it.
    """
    of_all = {
        "Cache-Control": CACHE[kind],
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if kind in (Kind.PAGE, Kind.NOT_FOUND):
        of_all |= {
            "Content-Security-Policy": PAGE_CSP,
            "Permissions-Policy": ", ".join(f"{name}=()" for name in REFUSED_FEATURES),
            "Cross-Origin-Opener-Policy": "same-origin",
            # If a browser looked up the names behind a page's links before anyone follows one, the network would learn
            # them.
            "X-DNS-Prefetch-Control": "off",
        }
    else:
        of_all["Content-Security-Policy"] = FILE_CSP
    if https:
        of_all["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
    return of_all


def kind_of(path: str, *, base: str = "") -> Kind:
    """What an address leads to, if it exists. `path` begins with `base`, which is empty or like `/families`."""
    first = path.removeprefix(base).lstrip("/").partition("/")
    return FOLDERS.get(first[0], Kind.PAGE) if first[1] else Kind.PAGE


def refused(path: str) -> bool:
    """Whether an address is never served, whatever is in the folder: hidden files, and the compressed copies."""
    return path.endswith(".gz") or "/." in path
