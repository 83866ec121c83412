"""Who may approve, what stops an approval, and with which key."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from everyfamily.core.agreement.approvals import ApprovalNotGood
from everyfamily.core.keys.signing import SigningKey
from everyfamily.letters.files.agreeing import (
    CheckStopsApproval,
    approve_record,
    require_no_stopping_finding,
    signatory_of,
)
from tests.factories.sealed import letter_of_term, seal_letter

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    return dict(seal_letter(letter_of_term()).seal.record)


def test_each_signatory_is_found_by_the_id(record: dict[str, Any]) -> None:
    assert [signatory_of(record, one).id for one in ("childrens-services", "police")] == [
        "childrens-services",
        "police",
    ]
    with pytest.raises(ApprovalNotGood, match="Give one of: childrens-services, police"):
        signatory_of(record, "health")


def test_only_the_key_that_the_letter_names_approves(record: dict[str, Any]) -> None:
    with pytest.raises(ApprovalNotGood, match="not the key that the letter names"):
        approve_record(record, signatory_of(record, "childrens-services"), key=SigningKey.new(), now=NOW)


def finding(severity: str, code: str) -> dict[str, Any]:
    return {"severity": severity, "code": code, "message": "words", "file": "letter.en.txt", "line": 3}


def test_an_error_or_a_warning_stops_an_approval_and_advice_does_not(record: dict[str, Any]) -> None:
    advice = finding("advice", "RE001")
    require_no_stopping_finding({"findings": [advice]})
    for severity in ("warning", "error"):
        with pytest.raises(CheckStopsApproval, match=r"letter\.en\.txt:3: 2 findings stop .* HM001"):
            require_no_stopping_finding(
                {"findings": [advice, finding(severity, "HM001"), finding(severity, "HM002")]}
            )
