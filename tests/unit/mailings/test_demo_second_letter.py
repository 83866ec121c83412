"""The second letter of the demonstration, which is on its way while it is served: it is two pages, like the first."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from everyfamily.core.letter.compose import compose
from everyfamily.letters.files.artefacts import render_artefacts
from everyfamily_demo import second_letter
from tests.factories.demonstration import PARTNERSHIP, demo_pack


@pytest.mark.slow
def test_the_letter_of_the_summer_fits_its_pages_too(tmp_path: Path) -> None:
    """Otherwise a demonstration ends before anything is served."""
    shutil.copytree(PARTNERSHIP.parent, tmp_path / "partnership")
    partnership = second_letter._partnership(tmp_path / "partnership" / PARTNERSHIP.name)
    letter = compose(
        demo_pack(),
        partnership,
        term=second_letter.TERM,
        dated=second_letter.OPENS.date(),
        reference=second_letter.REFERENCE,
    )
    assert render_artefacts(letter)
