"""What a person does who has read a letter and is asked whether they sign it: they give its fingerprint."""

from __future__ import annotations

import json
import re
from pathlib import Path

from everyfamily.core.agreement.seals import digest_of, fingerprint

_APPROVES = re.compile(r"everyfamily approve (\S+)")


def fingerprint_of(letter: Path) -> str:
    """The fingerprint of the letter in a folder."""
    return fingerprint(digest_of(json.loads((letter / "record.json").read_bytes())))


def confirmed(line: str, folder: Path) -> str:
    """A line of a page, with the answer that `approve` asks for where nobody sits at the keyboard."""
    found = _APPROVES.match(line)
    if found is None or "--yes" in line:
        return line
    return f'{line} --yes --fingerprint "{fingerprint_of(folder / found[1])}"'
