"""A dead number leaves the pages that families see, also if no newer site can be made."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from everyfamily.parentsite.export import SiteNotWritten, export_site
from everyfamily.parentsite.taking_out import take_out
from tests.factories.demonstration import REFERENCE, demo_partnership
from tests.factories.sealed import site

LOCAL = "0151 496 0120"


def page(words: str, tag: str = "en") -> str:
    return f'<!doctype html>\n<html lang="{tag}" dir="ltr"><body>{words}</body></html>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small site of ours."""
    (tmp_path / "site" / "public" / "seals").mkdir(parents=True)
    (tmp_path / "site" / "everyfamily-site.txt").write_text("Made by `everyfamily site`\n", encoding="utf-8")
    return tmp_path / "site"


@pytest.mark.parametrize(
    ("place", "before", "after"),
    [
        (LOCAL, "<p>Call 0151\u00a0496\u00a00120.</p>", "<p>Call (number taken out).</p>"),
        (
            LOCAL,
            '<a class="n" href="tel:01514960120" rel="noreferrer"><bdi>0151 496 0120</bdi></a>',
            '<a class="n" rel="noreferrer"><bdi>(number taken out)</bdi></a>',
        ),
        (LOCAL, "<p>0151 496 01201, 90151 496 0120 and 0151 496 0121</p>", None),
        ("101", "<p>0800 101 200, no 1010, h101</p><path d='M 101 2'/><p>or 101</p>", "or (number taken out)"),
        ("101", "<p>01632 960 101, and 1,101 children</p>", None),
        ("999", "<p>999 BSL, 999bsl.co.uk</p>", "<p>(number taken out) BSL, 999bsl.co.uk</p>"),
        (
            "ceop.police.uk/Safety-Centre",
            '<a href="https://ceop.police.uk/Safety-Centre">ceop.police.uk/Safety-Centre</a>',
            "<a>(number taken out)</a>",
        ),
    ],
)
def test_it_is_taken_out_however_it_is_spaced_and_no_other(
    folder: Path, place: str, before: str, after: str | None
) -> None:
    file = folder / "public" / "index.html"
    file.write_text(page(before), encoding="utf-8")
    assert take_out([place], folder) == (0 if after is None else 1)
    assert (after or before) in file.read_text(encoding="utf-8")
    assert take_out([place], folder) == 0


def test_the_words_are_in_the_language_of_each_page(folder: Path) -> None:
    file = folder / "public" / "index.html"
    file.write_text(page(LOCAL, "ur"), encoding="utf-8")
    take_out([LOCAL], folder)
    assert "(نمبر ہٹا دیا گیا)" in file.read_text(encoding="utf-8")


def test_before_there_is_a_site_there_is_nothing_to_take_out(tmp_path: Path) -> None:
    assert take_out([LOCAL], tmp_path / "not" / "there") == 0
    assert take_out([], tmp_path / "not" / "there") == 0


def test_a_worker_that_stood_still_takes_nothing_out_of_a_newer_site(folder: Path) -> None:
    file = folder / "public" / "index.html"
    file.write_text(page(LOCAL), encoding="utf-8")

    def not_wanted() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        take_out([LOCAL], folder, still_wanted=not_wanted)
    assert LOCAL in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("mark", [None, "It is a preview, and not for families.\n"])
def test_what_is_no_site_for_families_stays(folder: Path, mark: str | None) -> None:
    (folder / "public" / "index.html").write_text(page(LOCAL), encoding="utf-8")
    place = folder / "everyfamily-site.txt"
    place.unlink() if mark is None else place.write_text(mark, encoding="utf-8")
    assert take_out([LOCAL], folder) == 0
    assert take_out([LOCAL], folder.with_name("nothing here")) == 0


def test_a_page_that_cannot_be_written_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "public" / "index.html").write_text(page(LOCAL), encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SiteNotWritten, match="no space left"):
        take_out([LOCAL], folder)


@pytest.mark.slow
def test_a_whole_site_does_without_it(tmp_path: Path) -> None:
    out = tmp_path / "site"
    export_site(site(languages=("en", "ur")), out)
    public = out / "public"
    assert take_out([route.place for route in demo_partnership().routes if route.id in ("local", "online")], out)
    for file in public.rglob("*.html"):
        html = file.read_text(encoding="utf-8")
        for gone in ("01514960120", "496\u00a00120", "ceop.police.uk/Safety-Centre", f"/files/{REFERENCE}/"):
            assert gone not in html, file
        assert gzip.decompress(file.with_name(f"{file.name}.gz").read_bytes()).decode() == html
    assert list((public / "files").iterdir()) == []
    assert 'href="tel:999"' in (public / "index.html").read_text(encoding="utf-8")
    assert not list(public.rglob("*.part"))
