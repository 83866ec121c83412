"""The table of ASVS names only files that are there."""

from __future__ import annotations

import re

from tests.repo.files import ROOT

PAGE = ROOT / "docs" / "security" / "asvs.md"


def test_every_file_of_the_table_is_there() -> None:
    named = set(re.findall(r"`([\w./-]+\.(?:py|toml|html|js))`", PAGE.read_text("utf-8")))
    assert len(named) > 30
    places = (ROOT, ROOT / "src" / "everyfamily", ROOT / "tests")
    assert [one for one in sorted(named) if not any((place / one).is_file() for place in places)] == []
