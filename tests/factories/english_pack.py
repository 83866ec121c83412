"""The first pack without its translations, which take longer to read than all the rest."""

from __future__ import annotations

import re
from functools import cache

from everyfamily.core.packs.packs import Pack, parse_pack
from tests.factories.demonstration import PACK, pack_files

_TABLES = re.compile(r"^\[(?:site\.translations|short|translations)\.[^\]]+\][^\[]*", re.MULTILINE)


def english_files() -> dict[str, bytes]:
    """Name to bytes of its English files."""
    files = {name: raw for name, raw in pack_files().items() if ".en." in name or name.endswith("s.toml")}
    files["pack.toml"] = _TABLES.sub("", pack_files()["pack.toml"].decode()).encode()
    return files


@cache
def english_pack() -> Pack:
    """The pack of these files."""
    return parse_pack(english_files(), PACK.name)
