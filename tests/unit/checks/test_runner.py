"""Which rules run, what stops approval, and what waivers do."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest

from everyfamily.checks.model.context import CheckContext, SmsCount
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.waivers import Waiver
from everyfamily.checks.run.codes import RULE_SET_VERSION, RULES
from everyfamily.checks.run.runner import CheckReport, UnknownRule, run
from everyfamily.core.errors import SourceLocation
from tests.factories.documents import make_block, make_document
from tests.factories.letters import TODAY, make_letter

LONG = " ".join(["word"] * 30) + "."


def _run(*, pages: int = 2, waivers: tuple[Waiver, ...] = (), **changes: object) -> CheckReport:
    letter = make_letter(**changes)  # type: ignore[arg-type]
    context = CheckContext.of_letter(
        letter, today=TODAY, sms_fragments={"en": SmsCount(1, 146, "GSM-7")}, print_pages={"en": pages}
    )
    return run(context, waivers=waivers)


def _waiver(**changes: object) -> Waiver:
    fields = {
        "code": "RD001",
        "passage": "what/1",
        "reason": "The law's own words",
        "agreed_by": ("council", "police"),
        "ends_on": date(2027, 7, 1),
    }
    return Waiver(**{**fields, **changes})  # type: ignore[arg-type]


def test_findings_stand_in_reading_order() -> None:
    report = _run(replaced={"sms": "Call 101.", "what/1": LONG, "opening/1": "It is rife!"})
    places = [(f.place.file, f.place.line, f.place.column) for f in report.findings]
    assert len(places) >= 4
    assert all(first <= second for first, second in itertools.pairwise(places))


def test_an_error_stops_approval() -> None:
    report = _run(without=["fault/1"])
    assert report.stops_approval
    assert report.counts == {"error": 1, "warning": 0, "advice": 0}
    assert report.has_faults


def test_a_warning_stops_approval_until_it_is_waived() -> None:
    assert _run(replaced={"what/1": LONG}).stops_approval
    report = _run(replaced={"what/1": LONG}, waivers=(_waiver(),))
    assert not report.stops_approval
    assert not report.has_faults
    assert [(w.finding.code, w.waiver.reason) for w in report.waived] == [("RD001", "The law's own words")]


def test_a_waiver_by_one_signatory_waives_nothing() -> None:
    report = _run(replaced={"what/1": LONG}, waivers=(_waiver(agreed_by=("council",)),))
    assert [f.code for f in report.findings] == ["RD001", "EV003"]


def test_an_error_is_not_waived() -> None:
    waiver = _waiver(code="HM001", passage="title")
    assert {f.code for f in _run(without=["fault/1"], waivers=(waiver,)).findings} == {"HM001", "EV003"}


def test_a_waiver_covers_its_own_passage_only() -> None:
    report = _run(replaced={"what/1": LONG, "opening/1": LONG}, waivers=(_waiver(),))
    assert [f.passage for f in report.findings] == ["opening/1"]


def test_a_finding_about_a_waiver_points_at_the_waiver() -> None:
    finding = _run(waivers=(_waiver(place=SourceLocation("waivers.toml", 7)),)).findings[0]
    assert (finding.code, str(finding.place)) == ("EV002", "waivers.toml:7")


def test_what_nobody_measured_is_skipped_and_stops_approval() -> None:
    report = run(CheckContext.of_letter(make_letter(), today=TODAY))
    assert {s.code: s.reason for s in report.skipped} == {
        "LM001": "needs the count of text message fragments",
        "LM002": "needs the count of printed pages",
    }
    assert report.findings == ()
    assert report.stops_approval


def test_a_language_that_was_not_measured_is_a_finding() -> None:
    context = CheckContext.of_letter(make_letter(), today=TODAY, sms_fragments={}, print_pages={})
    assert [f.message for f in run(context).findings] == [
        "The pages in en were not counted",
        "The text message in en was not counted",
    ]


def test_an_outside_document_is_read_without_a_partnership() -> None:
    document = make_document(["Some children put themselves at risk.", "Signs: your child is tired."])
    report = run(CheckContext.of_document(document, today=TODAY, about_harm=True))
    assert {"HM103", "HM001", "HM002", "TR005"} <= {f.code for f in report.findings}
    assert {"TR001", "TR002", "TR003", "TR004", "HM003", "LM001", "LM002"} <= {s.code for s in report.skipped}


POLISH = "Jeśli dziecko jest w niebezpieczeństwie, proszę zadzwonić pod numer 999. To nie jest wina dziecka."


def _missing(*languages: tuple[str, str]) -> set[str]:
    """Codes of what a document of these texts and languages is said to lack."""
    blocks = tuple(
        make_block(text, number, language=language) for number, (text, language) in enumerate(languages, start=1)
    )
    document = replace(make_document([]), blocks=blocks)
    report = run(CheckContext.of_document(document, today=TODAY, about_harm=True))
    return {f.code for f in report.findings if f.name.startswith("missing-")}


def test_a_document_in_another_language_is_not_told_that_english_lines_are_missing() -> None:
    assert _missing((POLISH, "pl")) == set()


def test_an_english_letterhead_makes_no_english_letter() -> None:
    assert _missing(("Eastmere City Council", "en"), (POLISH, "pl"), (POLISH, "pl")) == set()


def test_a_translation_in_the_same_document_is_judged_by_its_english() -> None:
    english = "It is not your child's fault. Changes can have other causes. In danger, call 999."
    assert not {"HM001", "HM002"} & _missing((english, "en"), (POLISH, "pl"), (POLISH, "pl"))
    assert {"HM001", "HM002"} <= _missing(
        ("Signs: your child is tired. In danger, call 999.", "en"), (POLISH, "pl")
    )


def test_our_letter_is_in_english_beside_any_number_of_translations() -> None:
    letter = make_letter(without=["fault/1"])
    english = letter.texts["en"]
    texts = {"en": english} | {
        tag: replace(english, language=tag) for tag in ("pl", "cy", "ro", "pt", "so", "ur")
    }
    report = run(CheckContext.of_letter(replace(letter, texts=texts), today=TODAY), select=["HM001", "TR013"])
    assert report.skipped == ()
    assert {f.language for f in report.findings} == set(texts)


def test_an_empty_document_has_no_findings() -> None:
    assert run(CheckContext.of_document(make_document([]), today=TODAY)).findings == ()


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        (["RD00"], ["RD002", "RD003", "RD004", "RD005", "RD006", "RD007", "RD008", "RD009"], {"RD001"}),
        (["rd001", "LM00"], ["LM002", "LM003", "LM004", "LM005", "LM006", "LM007"], {"RD001", "LM001"}),
        (["long-sentence"], [], {"RD001"}),
        (["TR00"], ["dead-route"], {"TR002", "TR003", "TR004", "TR005", "TR006", "TR007", "TR009"}),
        (["RD"], ["RD"], set()),
    ],
)
def test_codes_beginnings_and_names_choose_rules(
    select: list[str], ignore: list[str], expected: set[str]
) -> None:
    report = run(CheckContext.of_letter(make_letter(), today=TODAY), select=select, ignore=ignore)
    assert set(RULES) - set(report.left_out) == expected
    assert report.stops_approval


@pytest.mark.parametrize("wanted", ["ZZ", "HM999", "", "no-such-rule"])
def test_a_code_of_no_rule_is_refused(wanted: str) -> None:
    with pytest.raises(UnknownRule, match="No rule has the code or name"):
        run(CheckContext.of_letter(make_letter(), today=TODAY), select=[wanted])


def test_a_waiver_of_a_rule_that_did_not_run_is_not_judged() -> None:
    context = CheckContext.of_letter(make_letter(), today=TODAY)
    assert run(context, select=["HM", "EV"], waivers=[_waiver()]).findings == ()


def test_advice_never_stops_and_needs_no_waiver() -> None:
    rules = {"RD001": replace(RULES["RD001"], severity=Severity.ADVICE), "EV003": RULES["EV003"]}
    letter = make_letter(replaced={"what/1": LONG})
    report = run(CheckContext.of_letter(letter, today=TODAY), rules=rules)
    assert not report.stops_approval
    assert report.counts["advice"] == 1
    waived = run(CheckContext.of_letter(letter, today=TODAY), rules=rules, waivers=[_waiver()])
    assert {f.message for f in waived.findings if f.code == "EV003"} == {"RD001 is advice, which needs no waiver"}


def test_a_waiver_that_nobody_signed_does_not_count_for_an_outside_document() -> None:
    waiver = _waiver(passage="line 1", agreed_by=())
    report = run(
        CheckContext.of_document(make_document([LONG]), today=TODAY), select=["RD", "EV"], waivers=[waiver]
    )
    assert "The waiver of RD001 is agreed by nobody" in {f.message for f in report.findings}


def test_the_report_names_the_version_of_the_rules() -> None:
    assert _run().rule_set_version == RULE_SET_VERSION


def test_words_that_are_part_of_another_family_s_finding_are_not_told_twice() -> None:
    text = "If you find a vape, please bring it to the school office in a sealed bag."
    context = CheckContext.of_document(make_document([text]), today=TODAY, about_harm=True)
    alone = [f for code in ("HM192", "HM211", "HM214") for f in run(context, select=[code]).findings]
    assert len(alone) > 1
    together = [f for f in run(context).findings if f.code in {f.code for f in alone}]
    assert [f.code for f in together] == ["HM211"]
