"""Our own packs, composed for the demonstration, pass every check without a waiver."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from everyfamily.checks.context import CheckContext, SmsCount
from everyfamily.checks.runner import run
from everyfamily.core.compose import compose
from everyfamily.core.packs import load_pack
from everyfamily.core.partnership import load_partnership

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "src/everyfamily/cli/demo/data/partnership.toml"


@pytest.mark.parametrize("folder", sorted(path.parent.name for path in (ROOT / "packs").glob("*/pack.toml")))
def test_pack_has_no_finding(folder: str) -> None:
    partnership = load_partnership(DEMO)
    pack = load_pack(ROOT / "packs" / folder)
    term = next(planned.term.id for planned in partnership.year_plan.letters if planned.topic == pack.id)
    letter = compose(pack, partnership, term=term, dated=date(2027, 3, 2), reference="ES-2703-K7R4")
    context = CheckContext.of_letter(
        letter,
        today=date(2027, 3, 2),
        sms_fragments={language: SmsCount(2, 300, "GSM-7") for language in letter.texts},
        print_pages=dict.fromkeys(letter.texts, 2),
    )
    report = run(context)
    assert report.findings == ()
    assert not report.stops_approval
