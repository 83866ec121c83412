"""The rules over the parent site's words: which of them run, in which language, and where they point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Finding
from everyfamily.checks.model.waivers import Waiver
from everyfamily.checks.report.what_was_read import what_was_read
from everyfamily.checks.run.codes import RULES
from everyfamily.checks.run.runner import run
from everyfamily.core.packs.pack_text import parse_body
from everyfamily.core.packs.site_text import SiteText
from everyfamily.core.packs.sources import Source
from everyfamily.core.partnership.partnership import load_partnership
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.letters import TODAY

DEMO = load_partnership(PARTNERSHIP)
SOURCE = Source(
    supports="that most changes are harmless",
    address="example.org",
    status="found",
    as_found="Most changes are harmless.",
    review_on=date(2027, 8, 31),
)


def text_of(*lines: str, language: str = "en") -> SiteText:
    """A text whose first line of `lines` stands in line 5 of its file."""
    file = "a-topic/site.en.md".replace(".en.", f".{language}.")
    words = "\n\n".join(("# Pages {#title}", "## Signs | Or {#signs}", *lines))
    return SiteText(language, *parse_body(words, file, part="site"))


def context_of(*texts: SiteText, sources: Mapping[str, Source] | None = None) -> CheckContext:
    by_language = {text.language: text for text in texts}
    return CheckContext.of_site(by_language, DEMO, today=TODAY, sources=sources or {})


def found_in(*texts: SiteText, sources: Mapping[str, Source] | None = None) -> list[tuple[str, str]]:
    findings = run(context_of(*texts, sources=sources)).findings
    return [(finding.code, _place(finding)) for finding in findings]


def _place(finding: Finding) -> str:
    place = finding.place
    return f"{place.file}:{place.line}:{place.column}"


def test_words_that_blame_are_found_in_a_passage_and_in_its_aside() -> None:
    item = "- They go out | putting themselves at risk"
    assert found_in(text_of("It is about promiscuous girls and boys.", item)) == [
        ("HM102", "a-topic/site.en.md:5:13"),
        ("HM103", "a-topic/site.en.md:7:17"),
    ]


def test_a_long_sentence_is_found() -> None:
    words = " ".join(["word"] * 26)
    assert ("RD001", "a-topic/site.en.md:5:1") in found_in(text_of(f"A {words}."))


def test_nothing_is_asked_of_a_page_that_only_a_letter_holds() -> None:
    """No 999 first, no date, no line for the child: these belong to a letter as a whole."""
    report = run(context_of(text_of("Call us on ((route local)).")))
    assert report.findings == ()
    skipped = {one.code for one in report.skipped}
    assert {"TR005", "TR012", "TR020", "TR021", "TR022", "RD011", "HM001", "LM002"} <= skipped
    assert all("pages of the parent site are not" in one.reason for one in report.skipped)


def test_no_rule_about_what_is_missing_reads_pages() -> None:
    assert [
        code for code, rule in RULES.items() if rule.name.startswith("missing-") and rule.scope == "text"
    ] == []


@pytest.mark.parametrize("family", ["HM", "RD", "TR", "EV"])
def test_each_family_of_words_reads_pages(family: str) -> None:
    assert any(code.startswith(family) and rule.scope == "text" for code, rule in RULES.items())


def test_gaps_are_filled_before_words_are_read() -> None:
    context = context_of(
        text_of("((partners)) in ((area)): ((route local)), ((enquiries number)), ((statement day)).")
    )
    assert context.pieces[-1].text.startswith(
        "Eastmere City Council and Eastmere Police in Eastmere: 0151 496 0120"
    )
    assert "((" not in context.pieces[-1].text
    assert run(context).findings == ()


def test_a_route_that_the_register_lacks_stays_open() -> None:
    assert found_in(text_of("Call us on ((route nowhere)).")) == [("EV001", "a-topic/site.en.md:5:12")]


def test_a_schools_own_number_is_printed_on_no_page() -> None:
    assert found_in(text_of("Call the school: ((route school)).")) == [("EV001", "a-topic/site.en.md:5:18")]


def test_a_number_that_is_not_the_registers_is_found_in_a_translation() -> None:
    polish = text_of("Zadzwoń: 0151 496 0999.", language="pl")
    assert found_in(text_of("Call us: ((route local))."), polish) == [("HM166", "a-topic/site.pl.md:5:10")]


def test_english_word_lists_do_not_read_a_translation() -> None:
    polish = text_of("To jest promiscuous.", language="pl")
    assert found_in(text_of("Call us."), polish) == []


def test_a_passage_that_is_not_translated_yet_is_not_read() -> None:
    context = context_of(text_of("Call us."), text_of("…", language="pl"))
    assert [piece.text for piece in context.pieces if piece.language == "pl"] == ["Pages", "Signs", "Or"]


def test_a_promise_that_nobody_agreed_to_is_an_error_once() -> None:
    english, polish = (text_of("We call back. {promise=a-call-back}", language=tag) for tag in ("en", "pl"))
    assert found_in(english, polish) == [("TR004", "a-topic/site.en.md:5:1")]
    assert found_in(text_of("Call day or night. {promise=day-or-night}")) == []


def test_a_fact_needs_a_source_as_in_a_letter() -> None:
    assert found_in(text_of("Most children tell nobody.")) == [("EV004", "a-topic/site.en.md:5:1")]
    assert found_in(text_of("Most children tell nobody. {source=S1}"), sources={"S1": SOURCE}) == []


def test_a_source_past_its_day_is_found() -> None:
    late = SOURCE.model_copy(update={"review_on": date(2027, 3, 1)})
    assert found_in(text_of("Changes pass. {source=S1}"), sources={"S1": late}) == [
        ("EV005", "a-topic/site.en.md:5:1")
    ]


def test_a_waiver_needs_every_signatory_of_the_partnership() -> None:
    context = context_of(text_of(f"A {' '.join(['word'] * 26)}."))
    everybody = tuple(one.id for one in DEMO.signatories)
    waiver = Waiver("RD001", "site/signs/1", "Read by parents", everybody, date(2027, 7, 1))
    assert [one.finding.code for one in run(context, waivers=[waiver], select=["RD001"]).waived] == ["RD001"]
    half = replace(waiver, agreed_by=everybody[:1])
    report = run(context, waivers=[half], select=["RD001", "EV003"])
    assert {finding.code for finding in report.findings} == {"RD001", "EV003"}


def test_first_line_says_that_pages_were_read() -> None:
    context = context_of(text_of("Call us."), text_of("…", language="pl"))
    assert what_was_read(context) == "the parent site's words in en, pl: 7 passages, 8 words"
