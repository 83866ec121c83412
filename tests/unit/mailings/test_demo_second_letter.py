"""The letters that a demonstration goes on with while it is served: each is two pages, and no finding stops it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from everyfamily.checks.model.finding import Severity
from everyfamily.core.letter.compose import compose
from everyfamily.core.packs.drafting import drafted_pack, sections_of, to_write
from everyfamily.core.packs.overrides import line_of
from everyfamily.core.packs.packs import load_pack
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily.letters.files.artefacts import check_letter, render_artefacts
from everyfamily_demo import second_letter, third_letter
from tests.factories.demonstration import PARTNERSHIP, ROOT, demo_pack


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


@pytest.mark.slow
def test_the_letter_that_waits_for_approval_may_be_approved(tmp_path: Path) -> None:
    shutil.copytree(PARTNERSHIP.parent, tmp_path / "partnership")
    file = tmp_path / "partnership" / PARTNERSHIP.name
    second_letter._partnership(file)
    third_letter.plan_third_letter(file)
    pack = load_pack(ROOT / "packs" / third_letter.TOPIC, ())
    words = {one.id: line_of(one) for one in sections_of(pack)[third_letter.SECTION]}
    rows = to_write(pack, {}, "en", words | {third_letter.PASSAGE: third_letter.OURS}, [], third_letter.WHY)
    letter = compose(
        drafted_pack(pack, rows),
        load_partnership(file),
        term=second_letter.TERM,
        dated=third_letter.DATED,
        reference=third_letter.REFERENCE,
    )
    found = check_letter(letter, today=third_letter.DATED).findings
    assert [one for one in found if one.severity is not Severity.ADVICE] == []
