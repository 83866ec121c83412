"""The three groups in which findings are shown."""

from __future__ import annotations

import pytest

from everyfamily.checks.report.groups import group_of_code
from everyfamily.checks.run.codes import RULES


def test_every_rule_is_in_a_group() -> None:
    groups = {group_of_code(code) for code in RULES}
    assert groups == {"child", "calling", "rest"}


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("HM103", "child"),  # puts themselves at risk
        ("HM001", "child"),  # no line that it is not the child's fault
        ("TR005", "child"),  # 999 is not first
        ("HM161", "calling"),  # picked-out family
        ("HM145", "calling"),  # blames the parent
        ("TR011", "calling"),  # no hours
        ("HM171", "rest"),  # initials
        ("RD001", "rest"),
    ],
)
def test_a_rule_is_in_the_group_that_it_matters_to_most(code: str, group: str) -> None:
    assert group_of_code(code) == group
