"""The printed letter passes PDF/UA-1 by a validator and by a checker that reads what is said."""

from __future__ import annotations

from pathlib import Path

import page
import pytest

from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.rendering.pdf import render_bundle, render_letter
from tests.factories.demonstration import HARBOUR, demo_letter
from tests.factories.listened import heard


@pytest.mark.parametrize("copies", [[HARBOUR], [PersonalGaps.open()], [PersonalGaps(), HARBOUR, HARBOUR]])
def test_the_letter_passes_pdf_ua_1(copies: list[PersonalGaps]) -> None:
    report = page.validate_pdf_bytes(
        render_bundle(demo_letter(), "en", copies), profile=page.ValidationProfile.PDF_UA_1
    )
    assert [failure.message for failure in report.failures] == []
    assert report.is_compliant
    assert report.rules.total > 100


def test_nothing_a_listener_needs_is_skipped(tmp_path: Path) -> None:
    assert heard(render_letter(demo_letter(), "en", HARBOUR), tmp_path) == []
