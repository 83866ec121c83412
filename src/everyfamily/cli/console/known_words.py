"""The words that somebody who takes a key file from here would try first."""

from __future__ import annotations

import os
from pathlib import Path

from everyfamily.core.files.text_files import decode, read_bytes
from everyfamily.core.files.toml_text import load_toml
from everyfamily.core.keys.passphrases import own_words

_NAME = "partnership.toml"


def words_known_here(file: Path | None, folder: Path) -> frozenset[str]:
    """Names and places in the partnership's file, finished or not, and this account's name.

    Without `file` it is looked for here and in `folder`. Raises what reading a text file raises.
    """
    user = frozenset({os.environ.get("USER", "").casefold()} - {""})
    found = file or next((place for place in (Path(_NAME), folder / _NAME) if place.is_file()), None)
    if found is None:
        return user
    try:
        return own_words(load_toml(decode(read_bytes(found, found.name), found.name))) | user
    except ValueError:
        # The person who composes is told the line. A key can be made before that.
        return user
