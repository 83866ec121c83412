"""The folder of general pages is read whole, or refused with file, line and fix."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.text_files import TextFileUnreadable
from everyfamily.core.packs.pack_sections import PackIncomplete
from everyfamily.core.packs.packs import load_pack
from everyfamily.core.packs.site_pack import load_site_pack
from everyfamily.core.packs.site_text import PAGE_SECTIONS, TOPIC_SECTIONS, site_digest
from everyfamily.core.text.passages import Section
from tests.factories.demonstration import PACK, demo_pack
from tests.factories.sealed import DRAFTS, SITE_PACK, site_pack


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The general pages, only in English, to be mangled."""
    place = tmp_path / "parent-site"
    place.mkdir()
    for name in ("site.toml", "sources.toml", "pages.en.md"):
        shutil.copy(SITE_PACK / name, place)
    about = (place / "site.toml").read_text(encoding="utf-8")
    (place / "site.toml").write_text(about[: about.index("[site.translations")], encoding="utf-8")
    return place


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def section_of(section_id: str) -> Section:
    """A section of the English pages."""
    found = site_pack().texts["en"].section(section_id)
    assert found is not None
    return found


def refusal(folder: Path) -> EveryfamilyError:
    with pytest.raises(EveryfamilyError) as caught:
        load_site_pack(folder)
    return caught.value


def test_the_general_pages_read_whole() -> None:
    pages = site_pack()
    assert [section.id for section in pages.texts["en"].sections] == list(PAGE_SECTIONS)
    assert pages.version == "1.0.0"
    assert pages.review_on == date(2027, 8, 31)
    assert "S23" in pages.sources


def test_the_topics_pages_read_whole() -> None:
    assert [section.id for section in demo_pack().site["en"].sections] == list(TOPIC_SECTIONS)


@pytest.mark.parametrize("tag", DRAFTS)
def test_each_translation_here_is_of_the_english_here(tag: str) -> None:
    for texts in (site_pack().texts, demo_pack().site):
        assert texts[tag].english_digest == site_digest(texts["en"])


@pytest.mark.parametrize("tag", DRAFTS)
def test_nobody_has_read_the_translations_here(tag: str) -> None:
    """They were made by a machine. Whoever reads one writes their name, and takes it out of this test."""
    assert not site_pack().texts[tag].is_reviewed
    assert not demo_pack().site[tag].is_reviewed


def test_pages_in_english_alone_are_enough(folder: Path) -> None:
    assert list(load_site_pack(folder).texts) == ["en"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    error = refusal(tmp_path / "parent-site")
    assert isinstance(error, TextFileUnreadable)
    assert str(error.place) == "parent-site:1"


@pytest.mark.parametrize("name", ["site.toml", "sources.toml", "pages.en.md"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert str(refusal(folder).place) == f"parent-site/{name}:1"


def test_a_source_that_is_not_there_is_named_with_its_line(folder: Path) -> None:
    edit(folder / "pages.en.md", "{source=S52,S58}", "{source=S52,S999}")
    error = refusal(folder)
    assert isinstance(error, PackIncomplete)
    assert error.fact == 'The source "S999" is not in sources.toml.'
    assert error.place is not None
    lines = (folder / "pages.en.md").read_text(encoding="utf-8").split("\n")
    assert "S999" in lines[error.place.line - 1]


def test_a_source_that_only_a_translation_names_is_looked_for_too(folder: Path) -> None:
    with (folder / "site.toml").open("a", encoding="utf-8") as file:
        file.write('[site.translations.pl]\ntranslator = "T. Person"\nenglish_digest = "0123456789abcdef"\n')
    waiting = "\n\n".join("… {source=S999}" for _ in section_of("large").passages)
    (folder / "pages.pl.md").write_text(f"# Listy {{#title}}\n\n## Druk {{#large}}\n\n{waiting}\n", "utf-8")
    assert refusal(folder).fact == 'The source "S999" is not in sources.toml.'


def test_a_translation_without_its_file_is_refused(folder: Path) -> None:
    with (folder / "site.toml").open("a", encoding="utf-8") as file:
        file.write('[site.translations.pl]\ntranslator = "T. Person"\nenglish_digest = "0123456789abcdef"\n')
    assert str(refusal(folder).place) == "parent-site/pages.pl.md:1"


def test_english_named_as_a_translation_is_refused_on_its_line(folder: Path) -> None:
    with (folder / "site.toml").open("a", encoding="utf-8") as file:
        file.write('[site.translations.en]\ntranslator = "T. Person"\nenglish_digest = "0123456789abcdef"\n')
    error = refusal(folder)
    assert error.fact == "English is not a translation."
    assert error.place is not None
    lines = (folder / "site.toml").read_text(encoding="utf-8").split("\n")
    assert lines[error.place.line - 1] == "[site.translations.en]"


def test_a_topics_source_that_is_not_there_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "pack"
    shutil.copytree(PACK, place)
    edit(place / "site.en.md", "{source=S26}", "{source=S999}")
    with pytest.raises(PackIncomplete, match="S999"):
        load_pack(place)


def test_a_pack_without_a_site_table_has_no_pages(tmp_path: Path) -> None:
    place = tmp_path / "pack"
    shutil.copytree(PACK, place)
    about = (place / "pack.toml").read_text(encoding="utf-8")
    (place / "pack.toml").write_text(about[: about.index("[site]")], encoding="utf-8")
    assert load_pack(place).site == {}


@pytest.mark.parametrize("tag", ["en", *DRAFTS])
def test_no_telephone_number_stands_in_a_text_itself(tag: str) -> None:
    """A number in groups is a gap: it is looked after in the register, and its digits keep their order."""
    for texts in (site_pack().texts, demo_pack().site):
        for passage in texts[tag].passages():
            assert not re.search(r"\d[ \u00a0]\d", f"{passage.text} {passage.aside or ''}"), passage.place


def test_a_broken_translation_stops_whoever_reads_it_and_nobody_else(tmp_path: Path) -> None:
    """A file with other numbers, one that is no text, one that is gone: English goes out without them."""
    pages, pack = tmp_path / "parent-site", tmp_path / "pack"
    shutil.copytree(SITE_PACK, pages)
    shutil.copytree(PACK, pack)
    edit(pages / "pages.pl.md", "((route", "0151 496 0199 ((route")
    (pages / "pages.ur.md").unlink()
    edit(pack / "site.pl.md", "((route", "0151 496 0199 ((route")
    (pack / "site.ur.md").write_bytes(b"\xff\xfe\x00")
    for tag in ("pl", "ur"):
        with pytest.raises(EveryfamilyError) as caught:
            load_site_pack(pages, (tag,))
        assert str(caught.value.place).startswith(f"parent-site/pages.{tag}.md:")
        with pytest.raises(EveryfamilyError) as caught:
            load_pack(pack, (tag,))
        assert str(caught.value.place).startswith(f"pack/site.{tag}.md:")
    for wanted in (("ar",), ("en", "ar")):
        assert list(load_site_pack(pages, wanted).texts) == ["en", "ar"]
        assert list(load_pack(pack, wanted).site) == ["en", "ar"]
    assert list(load_pack(pack, ()).site) == ["en"]


def test_a_source_that_only_a_language_left_out_names_is_not_looked_for(folder: Path) -> None:
    with (folder / "site.toml").open("a", encoding="utf-8") as file:
        file.write('[site.translations.pl]\ntranslator = "T. Person"\nenglish_digest = "0123456789abcdef"\n')
    waiting = "\n\n".join("… {source=S999}" for _ in section_of("large").passages)
    (folder / "pages.pl.md").write_text(f"# Listy {{#title}}\n\n## Druk {{#large}}\n\n{waiting}\n", "utf-8")
    assert list(load_site_pack(folder, ("en",)).texts) == ["en"]
    assert refusal(folder).fact == 'The source "S999" is not in sources.toml.'
