"""The site's style, script and fonts, each under a name that contains its digest, so that browsers may keep it for
ever."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from everyfamily.core.packs.pictures import PICTURES
from everyfamily.core.partnership.bodies import Body

_FONTS = ("sans-400", "sans-700", "serif-600", "nastaliq-400")
_MOST_OF_A_LOGO = 2_000
"""Bytes as they travel: with two of them, a page in any language still comes in 75 kB."""
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_NOT_RUN = re.compile(r"^\s*(?://.*)?\n|^ +", re.MULTILINE)
"""Of our own script: lines that are only a comment, and indentation. No string in it goes over a line's end."""
_AROUND = re.compile(r" ?([{};,>]) ?|(?<=:) ")


@dataclass(frozen=True, slots=True)
class Assets:
    """Address of each asset ("site.css" -> "/assets/site.1a2b….css") and the files by their path under the root."""

    addresses: Mapping[str, str]
    files: Mapping[str, bytes]


def build_assets(
    base: str, choices: int, bodies: Iterable[Body] = (), pictures: Iterable[str] = PICTURES
) -> Assets:
    """Lay out the assets of a site under `base` ("" or "/families"), whose call sheets have at most `choices` lines.

    The logo of each of `bodies` is named by its id ("logo-council.svg"). One that is larger than a first load can bear
    is left out. Each of `pictures` ("phone") is named "picture-phone.svg".
    """
    folder = files("everyfamily.parentsite") / "assets"
    addresses: dict[str, str] = {}
    made: dict[str, bytes] = {}

    def take(name: str, data: bytes) -> None:
        stem, _, suffix = name.rpartition(".")
        path = f"assets/{stem}.{hashlib.sha256(data).hexdigest()[:16]}.{suffix}"
        made[path] = data
        addresses[name] = f"{base}/{path}"

    for font in _FONTS:
        take(f"{font}.woff2", (folder / "fonts" / f"{font}.woff2").read_bytes())
    take("mark.svg", (folder / "mark.svg").read_bytes())
    for picture in sorted(pictures):
        take(f"picture-{picture}.svg", (folder / "pictograms" / f"{picture}.svg").read_bytes())
    for body in bodies:
        drawing = body.logo_svg.encode()
        if len(gzip.compress(drawing, mtime=0)) <= _MOST_OF_A_LOGO:
            take(f"logo-{body.id}.svg", drawing)
    style = (folder / "site.css").read_text(encoding="utf-8")
    for font in _FONTS:
        style = style.replace(f"fonts/{font}.woff2", addresses[f"{font}.woff2"])
    take("site.css", _small(style + _call_sheet_rules(choices)).encode())
    take("site.js", _NOT_RUN.sub("", (folder / "site.js").read_text(encoding="utf-8")).encode())
    return Assets(addresses, made)


def _call_sheet_rules(choices: int) -> str:
    """The style itself shows on the call sheet what was chosen: no script, and nothing is sent.

    A browser without `:has()` prints the whole list with its ticks (site.css), and site.js helps where it runs.
    """
    rules = "".join(f"html:has(#c{n}:checked) .s{n}{{display:list-item}}" for n in range(1, choices + 1))
    return f"@supports selector(:has(*)){{{rules}}}"


def _small(style: str) -> str:
    """The style without comments and unnecessary white space. Only for our own file, where no string contains
    either."""
    return _AROUND.sub(lambda found: found[1] or "", _SPACE.sub(" ", _COMMENT.sub("", style))).strip()
