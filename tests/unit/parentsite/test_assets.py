"""The site's style, script and fonts: named by their content, small, and nothing from elsewhere."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files

import pytest

from everyfamily.core.packs.pictures import PICTURES
from everyfamily.parentsite.assets import _MOST_OF_A_LOGO, _small, build_assets
from tests.factories.demonstration import demo_partnership
from tests.factories.sealed import DRAFTS, rendered, site

OWN = files("everyfamily.parentsite") / "assets"


def style(base: str = "", choices: int = 3) -> str:
    made = build_assets(base, choices)
    return made.files[made.addresses["site.css"].removeprefix(f"{base}/")].decode()


@pytest.mark.parametrize("base", ["", "/families"])
def test_every_address_leads_to_a_file(base: str) -> None:
    made = build_assets(base, 3)
    assert {f"{base}/{path}" for path in made.files} == set(made.addresses.values())
    assert {"site.css", "site.js", "mark.svg", "sans-400.woff2", "nastaliq-400.woff2"} <= set(made.addresses)


def test_a_name_is_the_digest_of_what_is_in_the_file() -> None:
    for path, data in build_assets("", 3).files.items():
        assert path.split(".")[-2] == hashlib.sha256(data).hexdigest()[:16]


def test_other_words_give_another_name_and_the_same_the_same() -> None:
    three, four = build_assets("", 3), build_assets("", 4)
    assert three == build_assets("", 3)
    assert three.addresses["site.css"] != four.addresses["site.css"]
    assert three.addresses["site.js"] == four.addresses["site.js"]


@pytest.mark.parametrize("base", ["", "/families"])
def test_the_style_names_only_fonts_of_this_site(base: str) -> None:
    addresses = re.findall(r"url\(([^)]*)\)", style(base))
    made = build_assets(base, 3)
    assert {one.strip("'\"") for one in addresses if not one.startswith(("data:", "'data:", '"data:'))} == {
        address for name, address in made.addresses.items() if name.endswith(".woff2")
    }
    assert "@import" not in style(base)
    assert "http" not in re.sub(r"url\(['\"]?data:[^)]*\)", "", style(base))


@pytest.mark.parametrize("choices", [0, 1, 27])
def test_each_choice_shows_its_own_line_of_the_call_sheet(choices: int) -> None:
    rules = re.findall(r"html:has\(#c(\d+):checked\) \.s(\d+)\{display:list-item\}", style(choices=choices))
    assert rules == [(str(n), str(n)) for n in range(1, choices + 1)]


def test_the_style_is_smaller_and_holds_the_same_rules() -> None:
    whole = (OWN / "site.css").read_text(encoding="utf-8")
    small = _small(whole)
    assert len(small) < 0.95 * len(whole)
    assert "/*" not in small
    assert "\n" not in small
    without = re.sub(r"/\*.*?\*/", "", whole, flags=re.DOTALL)
    for mark in "{};":
        assert small.count(mark) == without.count(mark)
    assert re.sub(r"\s", "", small) == re.sub(r"\s", "", without)


def test_the_partners_logos_are_there_unless_one_is_larger_than_a_first_load_can_bear() -> None:
    council, police = demo_partnership().bodies[:2]
    small = build_assets("", 3, (council, police))
    assert small.files[small.addresses["logo-council.svg"].removeprefix("/")] == council.logo_svg.encode()
    assert "logo-police.svg" in small.addresses
    # Of digits that no compression makes small.
    paths = "".join(f"<path d='M{hashlib.sha256(bytes([n])).hexdigest()}'/>" for n in range(200))
    large = build_assets("", 3, (replace(council, logo_svg=f"<svg>{paths}</svg>"), police))
    assert "logo-council.svg" not in large.addresses
    assert "logo-police.svg" in large.addresses


@pytest.mark.parametrize(
    ("whole", "small"),
    [
        ("a {\n  color: red;\n}\n", "a{color:red;}"),
        ("a > b, c  d { x: y }", "a>b,c d{x:y}"),
        ("a :has(b) {}", "a :has(b){}"),
        ("a{inline-size:calc(1px + 2px)}", "a{inline-size:calc(1px + 2px)}"),
        ("/* one\n two */a{}/**/b{}", "a{}b{}"),
        ("@media (width > 40rem) and (x: y) {a{}}", "@media (width>40rem) and (x:y){a{}}"),
        ("a:not(.b) .c{}", "a:not(.b) .c{}"),
    ],
)
def test_only_needless_space_is_taken_out(whole: str, small: str) -> None:
    assert _small(whole) == small


def test_no_string_of_the_style_holds_what_is_taken_out() -> None:
    """`_small` does not know strings: none may hold a comment's marks, two spaces, or a space beside a mark."""
    strings = re.findall(r"\"[^\"\n]*\"|'[^'\n]*'", (OWN / "site.css").read_text(encoding="utf-8"))
    assert strings
    for one in strings:
        assert not re.search(r"/\*|\*/|\s\s| [{};,>]|[{};,>:] ", one), one


def test_the_script_keeps_nothing_and_asks_nobody() -> None:
    script = (OWN / "site.js").read_text(encoding="utf-8")
    forbidden = (
        r"\b(fetch|XMLHttpRequest|sendBeacon|localStorage|sessionStorage|indexedDB|cookie|serviceWorker)\b"
    )
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", script, flags=re.DOTALL)
    assert not re.search(forbidden, code)
    assert not re.search(r"\b(eval|innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b", code)
    assert "://" not in code


@pytest.mark.parametrize("latin", ["sans-400", "sans-700", "serif-600"])
def test_a_first_load_in_latin_letters_is_small(latin: str) -> None:
    made = build_assets("", 30)
    assert len(made.files[made.addresses[f"{latin}.woff2"].removeprefix("/")]) < 30_000
    assert len(made.files[made.addresses["site.js"].removeprefix("/")]) < 10_000


def test_each_picture_that_a_pack_may_name_is_there_small_and_loads_nothing() -> None:
    """On a page of 16 they have less than 10 kB of the first load together."""
    there = [one.name for one in (OWN / "pictograms").iterdir() if one.name.endswith(".svg")]
    assert sorted(there) == sorted(f"{name}.svg" for name in PICTURES)
    for name in there:
        drawing = (OWN / "pictograms" / name).read_bytes()
        assert len(gzip.compress(drawing)) <= 1_000
        assert not re.search(rb"<script|href|url\(|<style|style=|<image|<text", drawing)


def test_a_first_load_is_light_in_every_language() -> None:
    """With all fonts but the one that only Urdu needs, two large logos, and whatever the page shows. A browser may need
    less."""
    made = site(languages=("en", *DRAFTS), preview=True)
    assets = build_assets(made.base, made.choices, made.partnership.bodies, made.pictures)
    always = {name for name in assets.addresses if name in ("site.css", "site.js", "mark.svg")}
    always |= {name for name in assets.addresses if name.endswith(".woff2") and "nastaliq" not in name}
    sizes = {
        address.removeprefix("/"): len(_travels(address, assets.files)) for address in assets.addresses.values()
    }
    fixed = sum(sizes[assets.addresses[name].removeprefix("/")] for name in always)
    for path, html in rendered(made).items():
        shown = {one for one in re.findall(r'<img src="/([^"]+)"', html) if one in sizes and "logo" not in one}
        named = {assets.addresses[name].removeprefix("/") for name in always}
        total = fixed + sum(sizes[one] for one in shown - named) + len(gzip.compress(html.encode(), mtime=0))
        total += 2 * _MOST_OF_A_LOGO
        assert total < 75_000, (path, total)


def _travels(address: str, files_: Mapping[str, bytes]) -> bytes:
    """A file as it travels: a font is packed already."""
    data = files_[address.removeprefix("/")]
    return data if address.endswith(".woff2") else gzip.compress(data, mtime=0)
