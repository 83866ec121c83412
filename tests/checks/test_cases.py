"""Every case of every rule, and that no rule lacks one."""

from __future__ import annotations

import pytest

from everyfamily.checks.run.codes import RULES
from everyfamily.checks.run.runner import run
from tests.checks.cases import FOUND, Case, all_cases, context_of, waivers_of
from tests.factories.each import each
from tests.factories.letters import make_letter

CASES = all_cases()
ABOUT_WAIVERS = {"EV002", "EV003"}


@each("case", CASES)
def test_case_gives_what_it_says(case: Case) -> None:
    # Waivers are about other rules' findings; any other case needs only its own rule.
    alone = () if "waivers" in case.raw or case.code in ABOUT_WAIVERS else (case.code,)
    report = run(context_of(case.raw), waivers=waivers_of(case.raw), select=alone)
    found = [finding for finding in report.findings if finding.code == case.code]
    assert len(found) == (case.raw.get("findings", 1) if case.fails else 0), found
    if not case.fails:
        return
    first = found[0]
    seen = {
        "words": first.words,
        "passage": first.passage,
        "message": first.message,
        "line": first.place.line,
        "language": first.language,
    }
    assert {key: seen[key] for key in FOUND if key in case.raw} == {
        k: case.raw[k] for k in FOUND if k in case.raw
    }


@pytest.mark.slow
@each("case", [case for case in CASES if not case.fails])
def test_passing_case_passes_every_other_rule_too(case: Case) -> None:
    report = run(context_of(case.raw), waivers=waivers_of(case.raw))
    if "document" not in case.raw and not case.raw.get("alone"):
        assert report.findings == ()


@each("code", RULES)
def test_every_rule_has_a_failing_and_a_passing_case(code: str) -> None:
    kinds = {case.fails for case in CASES if case.code == code}
    assert kinds == {True, False}


def test_every_case_is_of_a_rule_in_the_table() -> None:
    assert {case.code for case in CASES} <= set(RULES)


def test_the_letter_that_cases_change_has_no_fault() -> None:
    report = run(context_of({"name": "nothing changed"}))
    assert report.findings == ()
    assert not report.stops_approval
    assert make_letter().english.title.text
