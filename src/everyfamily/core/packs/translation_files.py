"""A pack's files with one language more, or one made again: its texts, and who made and read them."""

from __future__ import annotations

from collections.abc import Mapping

from everyfamily.core.files.text_files import decode
from everyfamily.core.packs.packs import Pack, parse_pack
from everyfamily.core.packs.site_pack import SitePack, parse_site_pack
from everyfamily.core.packs.site_text import SiteText
from everyfamily.core.packs.to_translate import LETTER_PARTS
from everyfamily.core.packs.written_texts import file_name, with_language, with_table

_TABLES = {"short": "short", "site": "site.translations", "pages": "site.translations"}
"""Parts that have a table of their own, in which a digest says which words were read."""


def files_with(
    files: Mapping[str, bytes],
    folder: str,
    language: str,
    texts: Mapping[str, str],
    *,
    translator: str,
    checker: str | None,
) -> dict[str, bytes]:
    """The files to write, name to bytes: the text of each part, and pack.toml or site.toml with its tables.

    All of it is read as a pack before any is returned. Raises what reading one raises.
    """
    if not texts:
        return {}
    about = "site.toml" if "site.toml" in files else "pack.toml"
    changed = {file_name(part, language): text.encode() for part, text in texts.items()}
    toml = decode(files[about], about)
    before = _parsed(files, folder, about)
    made = {"translator": translator}
    if "letter" in texts and isinstance(before, Pack):
        english = before.texts["en"].english_digest
        toml = with_language(toml, dict.fromkeys((*before.about.languages, language)))
        toml = with_table(
            toml, f"translations.{language}", {**made, "checker": checker, "english_digest": english}
        )
    checked = [part for part in texts if part not in LETTER_PARTS]
    for part in checked:
        english = _texts(before, part)["en"].english_digest
        toml = with_table(toml, f"{_TABLES[part]}.{language}", {**made, "english_digest": english})
    after = _parsed({**files, **changed, about: toml.encode()}, folder, about)
    for part in checked if checker is not None else ():
        text = _texts(after, part)[language]
        read = {"english_digest": text.english_digest, "checker": checker, "checked_digest": text.own_digest}
        toml = with_table(toml, f"{_TABLES[part]}.{language}", {**made, **read})
    _parsed({**files, **changed, about: toml.encode()}, folder, about)
    return {**changed, about: toml.encode()}


def _parsed(files: Mapping[str, bytes], folder: str, about: str) -> Pack | SitePack:
    return parse_site_pack(files, folder) if about == "site.toml" else parse_pack(files, folder)


def _texts(pack: Pack | SitePack, part: str) -> Mapping[str, SiteText]:
    if isinstance(pack, SitePack):
        return pack.texts
    return pack.short if part == "short" else pack.site
