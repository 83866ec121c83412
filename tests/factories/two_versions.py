"""A pack whose letter has two versions: the demonstration's, with a primary version of nearly the same words."""

from __future__ import annotations

from functools import cache

from everyfamily.core.packs.letter_files import PRIMARY_TEXTS
from everyfamily.core.packs.packs import Pack, parse_pack
from tests.factories.demonstration import pack_files

PRIMARY_TITLE = "Keeping younger children safe from harm"
SECONDARY_TITLE = "Keeping children safe from sexual exploitation"
PRIMARY_SUBJECT = "A letter to keep young children safe"
_OTHER_WORDS = {
    "letter": (SECONDARY_TITLE, PRIMARY_TITLE),
    "email": ("A letter about keeping children safe", PRIMARY_SUBJECT),
    "sms": ("keeping children safe", "keeping younger ones safe"),
    "newsletter": ("A letter about keeping children safe", PRIMARY_SUBJECT),
}


def two_version_files() -> dict[str, bytes]:
    """The files of such a pack. It is for every child, and parts at Year 7."""
    files = pack_files()
    about = files["pack.toml"].decode()
    files["pack.toml"] = about.replace("from_year = 6", "from_year = 0\nsecondary_from = 7").encode()
    for stem in PRIMARY_TEXTS:
        ending = "txt" if stem in ("email", "sms") else "md"
        words = files[f"{stem}.en.{ending}"].decode()
        usual, primary = _OTHER_WORDS[stem]
        assert usual in words
        files[f"{stem}.primary.en.{ending}"] = words.replace(usual, primary).encode()
    return files


@cache
def two_version_pack() -> Pack:
    """The pack, read."""
    return parse_pack(two_version_files(), "child-sexual-exploitation")
