"""A site is written whole or not at all, the same bytes each time, and over nothing but a site of ours."""

from __future__ import annotations

import errno
import gzip
import os
import re
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from everyfamily.parentsite import export
from everyfamily.parentsite.assets import Assets, build_assets
from everyfamily.parentsite.export import MARK, SiteNotWritten, SitePlaceTaken, export_site
from everyfamily.parentsite.render import render_site
from everyfamily.parentsite.site import Site, pages_of
from tests.factories.demonstration import REFERENCE, demo_partnership
from tests.factories.sealed import FILES, key_list, letter_of_term, on_site, site

COMPRESSED = (".html", ".css", ".js", ".svg", ".json")
SITE = site(languages=("en", "ur"))
WRITTEN_TO = {"letters@eastmere.example", "childrens-team@eastmere.example", "help@nspcc.org.uk"}


class Stopped(Exception):
    """What a test stops an export with."""


def files(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }


def beside(out: Path) -> list[str]:
    """Names of what is next to a site."""
    return sorted(one.name for one in out.parent.iterdir() if one != out)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "here" / "site"


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Makes rendering end with an error after five pages, until it is undone."""

    def some(made: Site, assets: Assets) -> Iterator[tuple[str, bytes]]:
        for number, one in enumerate(render_site(made, assets)):
            if number == 5:
                raise Stopped
            yield one

    monkeypatch.setattr(export, "render_site", some)
    yield monkeypatch


@pytest.mark.slow
def test_the_site_is_there_whole(out: Path) -> None:
    keys = key_list(SITE.letters[0].letter)
    listed = replace(SITE, letters=tuple(replace(one, keys=keys) for one in SITE.letters))
    done = export_site(listed, out)
    made = files(out)
    assets = build_assets("", SITE.choices, SITE.partnership.bodies, SITE.pictures)
    pages = dict(render_site(listed, assets))
    assert b'href="/seals/keys/signatories.json"' in pages[f"genuine/{REFERENCE}/index.html"]
    public = {name.removeprefix("public/"): data for name, data in made.items() if name.startswith("public/")}
    whole = {name: data for name, data in public.items() if not name.endswith(".gz")}
    assert whole == {
        **pages,
        **assets.files,
        f"seals/{REFERENCE}.json": SITE.letters[0].seal.to_json().encode(),
        "seals/keys/signatories.json": keys.to_json().encode(),
        f"files/{REFERENCE}/en/letter.pdf": FILES["en/letter.pdf"],
        f"files/{REFERENCE}/en/letter-large-print.pdf": FILES["en/letter-large-print.pdf"],
    }
    assert (done.pages, done.files) == (2 * len(list(pages_of(SITE))), len(whole))
    assert done.size == sum(map(len, whole.values()))
    assert beside(out) == []


@pytest.mark.slow
def test_beside_the_web_root_stand_two_settings_and_the_mark(out: Path) -> None:
    export_site(SITE, out)
    assert sorted(one.name for one in out.iterdir()) == sorted(["public", "nginx.conf", "Caddyfile", MARK])
    assert "families.eastmere.example" in (out / "nginx.conf").read_text(encoding="utf-8")
    assert "families.eastmere.example" in (out / "Caddyfile").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_settings_know_the_languages_and_the_path(out: Path) -> None:
    letter = letter_of_term(site="eastmere.example/families")
    partnership = replace(demo_partnership(), site="eastmere.example/families")
    export_site(site([on_site(letter)], partnership=partnership, languages=("en", "ur")), out)
    for name in ("nginx.conf", "Caddyfile"):
        text = (out / name).read_text(encoding="utf-8")
        assert "/families" in text, name
        assert re.search(r"\bur\b", text), name
    assert (out / "public" / "ur" / "index.html").is_file()


@pytest.mark.slow
def test_a_compressed_twin_holds_its_file(out: Path) -> None:
    export_site(SITE, out)
    made = files(out / "public")
    twins = {name for name in made if name.endswith(".gz")}
    assert twins == {f"{name}.gz" for name in made if name.endswith(COMPRESSED)}
    for name in twins:
        assert gzip.decompress(made[name]) == made[name.removesuffix(".gz")]
        assert made[name][4:8] == b"\0\0\0\0"  # no time in it


@pytest.mark.slow
def test_two_exports_are_the_same_bytes(tmp_path: Path) -> None:
    export_site(SITE, tmp_path / "one")
    export_site(SITE, tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")
    export_site(SITE, tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")


@pytest.mark.slow
def test_an_error_in_the_middle_leaves_the_old_site_as_it_was(out: Path, stopped: pytest.MonkeyPatch) -> None:
    with stopped.context() as whole:
        whole.setattr(export, "render_site", render_site)
        export_site(SITE, out)
    before = files(out)
    with pytest.raises(Stopped):
        export_site(replace(SITE, today=date(2027, 3, 3)), out)
    assert files(out) == before
    stopped.undo()
    export_site(replace(SITE, today=date(2027, 3, 3)), out)
    assert files(out) != before
    assert beside(out) == []


@pytest.mark.slow
@pytest.mark.usefixtures("stopped")
def test_an_error_in_the_middle_of_the_first_leaves_no_site(out: Path, stopped: pytest.MonkeyPatch) -> None:
    with pytest.raises(Stopped):
        export_site(SITE, out)
    assert not out.exists()
    stopped.undo()
    export_site(SITE, out)
    assert beside(out) == []


@pytest.mark.slow
def test_a_run_that_ended_between_the_two_renames_is_put_right(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_site(SITE, out)
    before = files(out)
    rename = Path.rename

    def once(self: Path, target: Path) -> Path:
        if self.name == "site.part":
            raise Stopped
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", once)
    with pytest.raises(Stopped):
        export_site(replace(SITE, today=date(2027, 3, 3)), out)
    assert not out.exists()
    monkeypatch.undo()

    def never(made: Site, assets: Assets) -> Iterator[tuple[str, bytes]]:
        raise Stopped
        yield

    monkeypatch.setattr(export, "render_site", never)
    with pytest.raises(Stopped):
        export_site(SITE, out)
    assert files(out) == before
    monkeypatch.undo()
    export_site(SITE, out)
    assert beside(out) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["site", "site.part", "site.old.part"])
@pytest.mark.parametrize("kind", ["folder", "file", "link", "link to a site"])
def test_nothing_of_somebody_elses_is_replaced_or_removed(
    out: Path, tmp_path: Path, name: str, kind: str
) -> None:
    place = out.with_name(name)
    place.parent.mkdir()
    other = tmp_path / "other"
    if kind == "folder":
        place.mkdir()
        (place / "thesis.txt").write_text("years of work", encoding="utf-8")
    elif kind == "file":
        place.write_text("years of work", encoding="utf-8")
    else:
        if kind == "link":
            other.mkdir()
        else:
            export_site(SITE, other)
        place.symlink_to(other)
    before = files(tmp_path)
    with pytest.raises(SitePlaceTaken) as caught:
        export_site(SITE, out)
    assert caught.value.code == "EF350"
    assert name in caught.value.fact
    assert files(tmp_path) == before
    assert place.is_symlink() is kind.startswith("link")


@pytest.mark.slow
def test_a_folder_of_a_persons_own_beside_it_is_left_alone(out: Path) -> None:
    for name in ("site.old", "site.bak", "sites"):
        (out.with_name(name)).mkdir(parents=True)
        (out.with_name(name) / "kept.txt").write_text("kept", encoding="utf-8")
    export_site(SITE, out)
    export_site(SITE, out)
    assert beside(out) == ["site.bak", "site.old", "sites"]


@pytest.mark.slow
def test_an_empty_folder_may_be_taken(out: Path) -> None:
    out.mkdir(parents=True)
    export_site(SITE, out)
    assert (out / MARK).is_file()


@pytest.mark.slow
def test_the_folder_one_stands_in_may_be_taken(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out.mkdir(parents=True)
    monkeypatch.chdir(out)
    export_site(SITE, Path())
    assert (out / MARK).is_file()
    assert beside(out) == []


@pytest.mark.slow
def test_a_page_that_is_gone_from_the_site_is_gone(out: Path) -> None:
    autumn = on_site(letter_of_term("autumn-2026", date(2026, 9, 22), "ES-2609-A1B2"))
    export_site(site([*SITE.letters, autumn]), out)
    assert (out / "public" / "autumn-2026" / "index.html").is_file()
    export_site(site(), out)
    assert not (out / "public" / "autumn-2026").exists()
    assert not (out / "public" / "seals" / "ES-2609-A1B2.json").exists()


@pytest.mark.slow
def test_assets_of_the_site_before_stay_for_pages_that_a_browser_holds(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_site(SITE, out)
    before = files(out / "public" / "assets")
    old = next(name for name in before if name.endswith(".css"))
    monkeypatch.setattr(
        export, "build_assets", lambda base, choices, *more: build_assets(base, choices + 1, *more)
    )
    export_site(SITE, out)
    after = files(out / "public" / "assets")
    assert {name: after[name] for name in before} == before
    assert sorted(set(after) - set(before)) == sorted(
        name for name in after if ".css" in name and old.split(".")[1] not in name
    )
    assert len(after) == len(before) + 2  # the new style and its compressed twin
    assert (out / "public" / "index.html").read_text(encoding="utf-8").count(old) == 0


@pytest.mark.slow
def test_no_file_holds_anything_of_a_person_or_of_this_machine(out: Path) -> None:
    """The signatories' names and the partnership's own address stand in the letter; nothing else is anybody's."""
    export_site(SITE, out)
    numbers = {str(one.number).replace(" ", "") for one in demo_partnership().routes}
    numbers |= {str(one.text).replace(" ", "") for one in demo_partnership().routes}
    numbers.add(demo_partnership().enquiries.number.replace(" ", ""))
    for name, data in files(out).items():
        assert str(out).encode() not in data, name
        assert b"/home/" not in data, name
        if not name.endswith((".html", ".json", ".txt", "conf", "Caddyfile")):
            continue
        text = data.decode()
        assert set(re.findall(r"[\w.+-]+@[\w-]+\.[\w.-]*\w", text)) <= WRITTEN_TO, name
        shown = (
            re.findall(r"\b0\d{2,4}[ \u00a0]?\d{3}[ \u00a0]?\d{3,4}\b", text) if name.endswith(".html") else []
        )
        found = {re.sub(r"\D", "", one) for one in shown}
        assert found <= numbers, name


@pytest.mark.slow
@pytest.mark.parametrize("name", ["seals", "notes.txt", ".git"])
def test_what_somebody_put_into_a_site_is_not_removed_with_it(out: Path, name: str) -> None:
    """Seals are a letter's only proof: kept in the folder, they were gone after the next run."""
    export_site(SITE, out)
    (out / name).mkdir()
    (out / name / f"{REFERENCE}.json").write_text("{}", encoding="utf-8")
    before = files(out)
    with pytest.raises(SitePlaceTaken) as caught:
        export_site(replace(SITE, today=date(2027, 3, 3)), out)
    assert name in caught.value.fact
    assert files(out) == before
    assert beside(out) == []


@pytest.mark.parametrize("name", ["site", "site.part", "site.old.part"])
def test_a_link_that_leads_nowhere_is_somebodys_too(out: Path, tmp_path: Path, name: str) -> None:
    out.parent.mkdir()
    out.with_name(name).symlink_to(tmp_path / "nowhere")
    with pytest.raises(SitePlaceTaken):
        export_site(SITE, out)
    assert [one.name for one in out.parent.iterdir()] == [name]


@pytest.mark.slow
def test_a_site_seen_from_inside_may_be_made_again(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export_site(SITE, out)
    monkeypatch.chdir(out / "public")
    export_site(SITE, Path(".."))
    assert (out / MARK).is_file()
    assert beside(out) == []
    assert not list(out.rglob("*.part"))


@pytest.mark.slow
def test_a_preview_takes_no_site_from_families(out: Path) -> None:
    """Translations that nobody has read would be at the printed address until somebody noticed."""
    preview = replace(SITE, preview=True)
    export_site(preview, out)
    export_site(preview, out)
    export_site(SITE, out)
    before = files(out)
    with pytest.raises(SitePlaceTaken) as caught:
        export_site(preview, out)
    assert "a site for families" in caught.value.fact
    assert files(out) == before


@pytest.mark.slow
def test_a_web_server_may_read_it_whatever_the_umask_is(out: Path) -> None:
    before = os.umask(0o077)
    try:
        export_site(SITE, out)
        export_site(SITE, out)
    finally:
        os.umask(before)
    for place in (out, *out.rglob("*")):
        assert stat.S_IMODE(place.stat().st_mode) == (0o755 if place.is_dir() else 0o644), place


def test_the_whole_disk_is_no_place_for_a_site() -> None:
    with pytest.raises(SitePlaceTaken):
        export_site(SITE, Path("/"))


@pytest.mark.slow
def test_a_full_disk_is_said_and_the_old_site_stays(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export_site(SITE, out)
    before = files(out)

    def full(file: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(export, "_write", full)
    with pytest.raises(SiteNotWritten, match="no space left on device") as caught:
        export_site(replace(SITE, today=date(2027, 3, 3)), out)
    assert caught.value.code == "EF353"
    assert files(out) == before


@pytest.mark.slow
def test_a_second_run_waits_for_the_first(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise it removes what the first is writing, and what comes out is half of each."""
    begun, go = threading.Event(), threading.Event()

    def slowly(made: Site, assets: Assets) -> Iterator[tuple[str, bytes]]:
        begun.set()
        assert go.wait(20)
        yield from render_site(made, assets)

    monkeypatch.setattr(export, "render_site", slowly)
    with ThreadPoolExecutor(2) as runs:
        first = runs.submit(export_site, replace(SITE, preview=True), out)
        assert begun.wait(20)
        monkeypatch.setattr(export, "render_site", render_site)
        second = runs.submit(export_site, SITE, out)
        with pytest.raises(TimeoutError):
            second.result(0.5)
        go.set()
        first.result(20)
        second.result(20)
    assert beside(out) == []
    assert not any(b"This copy is not for families" in data for data in files(out).values())


@pytest.mark.slow
def test_of_the_assets_before_only_those_whose_name_says_what_they_hold_are_kept(
    out: Path, tmp_path: Path
) -> None:
    export_site(SITE, out)
    assets = out / "public" / "assets"
    before = sorted(files(assets))
    (tmp_path / "private.txt").write_text("private", encoding="utf-8")
    (assets / "page.html").write_text("<h1>Not ours</h1>", encoding="utf-8")
    (assets / "old.0123456789abcdef.js").write_text("notOurs()", encoding="utf-8")
    (assets / "link.0123456789abcdef.txt").symlink_to(tmp_path / "private.txt")
    (assets / "folder").mkdir()
    export_site(SITE, out)
    assert sorted(files(assets)) == before
    assert not (assets / "folder").exists()


@pytest.mark.slow
def test_files_are_offered_only_from_the_letters_own_list(out: Path) -> None:
    export_site(SITE, out)
    assert not any("gaps-open" in name or "email" in name for name in files(out / "public"))


def printed(out: Path) -> set[str]:
    """Every file to print that anybody could still ask the server for."""
    return {name for name in files(out / "public") if name.startswith("files/")}


@pytest.mark.slow
def test_the_files_of_a_letter_that_was_withdrawn_are_not_written(out: Path) -> None:
    older = on_site(letter_of_term("autumn-2026", date(2026, 9, 22), "ES-2609-A1B2"))
    export_site(site([on_site(), older]), out)
    assert {name.split("/")[1] for name in printed(out)} == {REFERENCE, "ES-2609-A1B2"}
    export_site(site([on_site(withdrawn=True), older]), out)
    assert {name.split("/")[1] for name in printed(out)} == {"ES-2609-A1B2"}
    # That it was sent can be proven all the same.
    assert (out / "public" / "seals" / f"{REFERENCE}.json").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("fields", [{"number": "0151 496 0121"}, {"dead_since": date(2027, 3, 2)}])
def test_the_files_of_a_letter_whose_number_is_not_good_today_are_not_written(
    out: Path, fields: dict[str, Any]
) -> None:
    """On paper, or by an address that somebody kept, a number that has changed cannot be taken back."""
    export_site(site(), out)
    assert len(printed(out)) == 2
    routes = tuple(replace(one, **fields) if one.id == "local" else one for one in demo_partnership().routes)
    export_site(site(partnership=replace(demo_partnership(), routes=routes)), out)
    assert printed(out) == set()
    assert (out / "public" / "seals" / f"{REFERENCE}.json").is_file()
