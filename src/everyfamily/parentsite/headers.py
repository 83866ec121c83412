"""What the parent site's server says beside each answer: one table for nginx, Caddy, our small server and the tests.

Nothing here sets a cookie or names a visitor. A page may load nothing but this site's own styles, script, pictures and
fonts, and its script may send nothing anywhere: what a parent chose cannot leave the page even by a mistake of ours.
The entity tag that servers add is made of a file's time and size, the same for everyone, so it tells nobody apart.
"""

from __future__ import annotations

from enum import Enum


class Kind(Enum):
    """What an address of the site leads to."""

    PAGE = "page"
    ASSET = "asset"
    """A file whose name holds a digest of its content: it never changes."""
    SEAL = "seal"
    """The published record of one sealed letter, JSON."""
    FILE = "file"
    """A letter as PDF."""
    NOT_FOUND = "not found"


FOLDERS = {"assets": Kind.ASSET, "seals": Kind.SEAL, "files": Kind.FILE}
"""The folders directly under the site's root that hold no pages."""

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
}
"""Said by us and not left to a server's own list: under `nosniff` a wrong type is a page without its styles."""

META_CSP = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        # No text may become markup or script. Browsers that do not know these two words pass over them.
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
)
"""The policy for a page's own <meta>, where a host gives no headers; `frame-ancestors` counts in a header only.

`upgrade-insecure-requests` is left out: every source is 'self', so a page got by https loads nothing by http.
"""

PAGE_CSP = f"{META_CSP}; frame-ancestors 'none'"
# No source is named: browsers show a PDF by a page of their own making, and a record or an asset loads nothing.
FILE_CSP = "default-src 'none'; frame-ancestors 'none'"

# What a page never needs, so that no script could ask for it. Only names that browsers know: others make noise in
# their consoles.
REFUSED_FEATURES = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media",
    "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer",
    "microphone", "midi", "payment", "serial", "usb",
)  # fmt: skip

PAGE_SECONDS = 300
"""How long a browser may show a page without asking again: the most that a corrected telephone number is late
while the server answers."""
MISSING_SECONDS = 60
YEAR_SECONDS = 31_536_000

# A stale page beats none while the server is down: numbers change rarely, and 999 never.
# No network on the way may write into a page: not a script, not an address made unreadable.
BRIEFLY = f"max-age={PAGE_SECONDS}, stale-if-error=86400, no-transform"
CACHE = {
    Kind.PAGE: BRIEFLY,
    Kind.ASSET: f"max-age={YEAR_SECONDS}, immutable",
    Kind.SEAL: f"max-age={PAGE_SECONDS}",
    Kind.FILE: f"max-age={PAGE_SECONDS}",
    Kind.NOT_FOUND: f"max-age={MISSING_SECONDS}",
}


def headers(kind: Kind, *, https: bool) -> dict[str, str]:
    """The headers of an answer of this kind, by name, beside what every server adds (type, length, date, entity tag).

    `https` adds Strict-Transport-Security, for this name alone: what stands beside or under it is not ours to bind.
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
            # Looking up the names behind a page's links before anyone follows one would tell the network about them.
            "X-DNS-Prefetch-Control": "off",
        }
    else:
        of_all["Content-Security-Policy"] = FILE_CSP
    if https:
        of_all["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
    return of_all


def kind_of(path: str, *, base: str = "") -> Kind:
    """What an address that exists leads to; `path` begins with `base`, which is empty or like `/families`."""
    first = path.removeprefix(base).lstrip("/").partition("/")
    return FOLDERS.get(first[0], Kind.PAGE) if first[1] else Kind.PAGE


def refused(path: str) -> bool:
    """Whether an address is never served, whatever lies in the folder: hidden files, and the compressed twins."""
    return path.endswith(".gz") or "/." in path
