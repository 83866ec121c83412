"""The published schemas are those of the code, and the repository's own files follow them."""

from __future__ import annotations

from pathlib import Path

from everyfamily.core.packs.packs import load_pack
from everyfamily.core.packs.site_pack import load_site_pack
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily.core.schemas import schema_texts, write_schemas
from tests.factories.demonstration import PARTNERSHIP, ROOT

SCHEMAS = ROOT / "docs" / "schemas"


def test_published_schemas_are_current() -> None:
    assert {path.name: path.read_text(encoding="utf-8") for path in SCHEMAS.glob("*.json")} == schema_texts()


def test_schemas_are_written_where_asked(tmp_path: Path) -> None:
    write_schemas(tmp_path / "schemas")
    assert {path.name for path in (tmp_path / "schemas").iterdir()} == set(schema_texts())


def test_every_source_of_the_parent_site_is_used() -> None:
    site = load_site_pack(ROOT / "packs" / "parent-site")
    used = {key for text in site.texts.values() for passage in text.passages() for key in passage.sources}
    assert set(site.sources) == used


def test_every_pack_and_partnership_file_reads() -> None:
    packs = [path.parent for path in (ROOT / "packs").glob("*/pack.toml")]
    assert packs
    for folder in packs:
        assert load_pack(folder).id == folder.name
    assert load_partnership(PARTNERSHIP).file == "partnership.toml"


def test_every_passage_that_states_something_names_its_source() -> None:
    stating = {"danger", "what", "now", "changes", "adults", "talk", "do", "dont"}
    for folder in (path.parent for path in (ROOT / "packs").glob("*/pack.toml")):
        for text in load_pack(folder).letter_texts():
            for passage in (
                one for section in text.sections if section.id in stating for one in section.passages
            ):
                assert passage.sources, passage.place
            kit_texts = [(text.newsletter, ("signs",)), (text.briefing, ("told", "do", "dont", "alone"))]
            if text.title.id.startswith("primary/"):
                kit_texts.pop()  # the page for staff is of both versions
            for kit_text, names in kit_texts:
                assert kit_text is not None
                for passage in (one for name in names for one in kit_text.section(name).passages):
                    assert passage.sources, passage.place


def test_every_source_is_used() -> None:
    for folder in (path.parent for path in (ROOT / "packs").glob("*/pack.toml")):
        pack = load_pack(folder)
        passages = [one for text in pack.letter_texts() for one in (*text.passages(), *text.beside())]
        passages += [one for text in pack.site.values() for one in text.passages()]
        used = {key for passage in passages for key in passage.sources}
        assert set(pack.sources) == used
