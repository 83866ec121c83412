"""What a person is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.waivers import Waiver
from everyfamily.checks.report.text_report import Look, as_text, first_findings
from everyfamily.checks.run.checked import Checked
from everyfamily.checks.run.runner import CheckReport, run
from everyfamily.core.errors import ParagraphLocation, SourceLocation
from everyfamily.core.text.outside_document import Block
from tests.factories.documents import make_document
from tests.factories.letters import TODAY, make_letter

FAULT = "Some children are putting themselves at risk online."
LONG = " ".join(["word"] * 30) + "."


def _checked(
    text: str,
    *,
    place: SourceLocation | None = None,
    language: str = "en",
    select: tuple[str, ...] = ("HM103", "RD001"),
    about_harm: bool = True,
    waivers: tuple[Waiver, ...] = (),
) -> Checked:
    block = Block("paragraph", text, place or SourceLocation("old.txt", 14, 3), language=language)
    document = make_document([], blocks=(block,), file=block.place.file)
    context = CheckContext.of_document(document, today=TODAY, about_harm=about_harm)
    return Checked(block.place.file, context, run(context, select=select, waivers=waivers))


def _text(*checked: Checked) -> str:
    return as_text(checked).split("\nThe check sees words")[0]


def test_text_says_what_was_read_and_underlines_the_words() -> None:
    assert _text(_checked(FAULT)) == (
        "old.txt: a letter about harm to children (plain text): 1 paragraph, 8 words.\n"
        "\n"
        "old.txt:14:21\n"
        "    Some children are putting themselves at risk online.\n"
        "                      ^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  error   “putting themselves at risk” makes the child the source of the harm\n"
        "          Instead: someone may be putting your child at risk / a place or person\n"
        "          may not be safe for your child.\n"
        "          HM103 child-as-the-risk, docs/checks/HM103.md\n"
        "\n"
        "Found in old.txt: 1 error.\n"
        "  error: never right in such a letter; change it.\n"
    )


def test_text_says_that_nothing_was_found() -> None:
    assert "\n\nNothing found in old.txt.\n" in _text(_checked("You can call us."))


def test_a_document_without_lines_has_its_paragraph_and_page() -> None:
    assert "\nold.docx, paragraph 4\n    Some" in _text(_checked(FAULT, place=ParagraphLocation("old.docx", 4)))
    in_pdf = _checked(FAULT, place=ParagraphLocation("old.pdf", 3, 1, 2))
    assert "\nold.pdf, page 2, paragraph 3\n    Some" in _text(in_pdf)


def test_several_findings_of_one_paragraph_stand_under_it_once() -> None:
    place = ParagraphLocation("old.docx", 4)
    text = _text(_checked(f"{FAULT} She was putting herself at risk too.", place=place))
    assert text.count("old.docx, paragraph 4") == 1
    assert text.count("  error   ") == 2


def test_several_findings_of_the_same_words_show_them_once_and_the_heaviest_first() -> None:
    checked = _checked(FAULT)
    (found,) = checked.report.findings
    advice = replace(found, severity=Severity.ADVICE, message="Another matter")
    text = _text(replace(checked, report=replace(checked.report, findings=(advice, found))))
    assert text.count(f"    {FAULT}") == 1
    assert text.index("  error   “putting") < text.index("  advice  Another matter")


def test_what_is_missing_is_said_of_the_letter_as_a_whole() -> None:
    text = _text(_checked("Signs to look out for", select=("HM001", "HM002")))
    assert "old.txt, as a whole\n  error   The letter does not say that it is not the child" in text
    assert ("    Signs to look" in text, text.count("  error   "), text.count("  warning ")) == (False, 1, 1)


def test_what_was_not_looked_at_is_said_once_a_reason() -> None:
    checked = [_checked(FAULT, select=("HM103", "LM001")), _checked(FAULT, select=("LM001", "LM002", "TR004"))]
    about = as_text(checked).split("Checks that were not made:\n")[1].split("\n\nThe check sees")[0]
    assert " ".join(about.split()) == (
        "2 of limits, 1 of trust: only a letter made with everyfamily can be checked for this."
    )


def test_a_letter_about_another_matter_is_told_how_to_be_checked_as_one_about_harm() -> None:
    text = as_text([_checked("Bring a packed lunch.", about_harm=False, select=("HM001",))])
    assert "old.txt: a letter about another matter" in text
    assert "1 of harm: only letters about harm to children are checked for this" in " ".join(text.split())
    assert "--about-harm checks it as one" in text


def test_a_waived_finding_says_who_agreed() -> None:
    waiver = Waiver("RD001", "line 14", "A law's own words", ("Jo Marsh",), date(2027, 7, 1))
    text = _text(_checked(LONG, select=("RD001",), waivers=(waiver,)))
    assert "Waived: RD001 in line 14 until 2027-07-01, agreed by Jo Marsh. A law's own" in text
    assert "Nothing found in old.txt." in text


def test_from_many_findings_on_it_says_where_to_begin() -> None:
    lines = [LONG, FAULT, "Child prostitutes were found.", "It is his lifestyle choice.", FAULT, FAULT]
    document = make_document(lines)
    context = CheckContext.of_document(document, today=TODAY, about_harm=True)
    checked = Checked("old.txt", context, run(context, select=("HM1", "RD001")))
    begin = as_text([checked], width=200).split("Start with these:\n")[1].splitlines()[:4]
    assert [line.split(":")[0] for line in begin[:3]] == [
        "  1. HM103, line 2",
        f"  2. {begin[1][5:10]}, line 3",
        f"  3. {begin[2][5:10]}, line 4",
    ]
    assert begin[3].startswith("Checks that were not made") or begin[3] == ""
    assert "Start with" not in _text(_checked(FAULT))


def test_the_first_findings_are_the_heaviest_and_of_different_kinds() -> None:
    findings = _checked(f"{FAULT} {FAULT} {LONG}").report.findings
    first = first_findings(findings)
    assert len(first) == len({finding.code for finding in first})
    weights = [list(Severity).index(finding.severity) for finding in first]
    assert weights == sorted(weights)


def test_no_escape_sequence_of_a_document_reaches_a_terminal() -> None:
    text = as_text([_checked(f"\x1b[2J\u202e{FAULT}\x9b", place=SourceLocation("a\x1bb.txt", 1))])
    assert not set(text) & set("\x1b\u202e\x9b")


def test_words_from_right_to_left_are_repeated_and_not_underlined() -> None:
    text = _text(_checked(f"یہ {FAULT}"))
    assert "\n    > putting themselves at risk\n" in text
    assert "^" not in text


def test_a_finding_in_another_language_says_which() -> None:
    checked = _checked(FAULT)
    polish = replace(checked.report.findings[0], language="pl")
    report = replace(checked.report, findings=(polish,))
    assert "HM103 [pl] child-as-the-risk" in as_text([replace(checked, report=report)])


def test_text_says_when_a_rule_found_more_than_is_shown() -> None:
    checked = _checked("Rife. " * 1100, select=("HM143",))
    assert checked.report.counts["warning"] == 1000
    assert "Only the first 1000 findings of HM143 are shown." in as_text([checked])


def test_a_long_report_is_grouped_on_one_screen_unless_all_is_asked_for() -> None:
    lines = [
        "Dear parents",
        "The use of drugs by pupils is on the rise! Drug dealers target vulnerable children. Call us on 01632 960001.",
        "Pupils who get involved in drugs could be excluded. Delete the messages. Take away their phone at once.",
        "Confront the person who sold it. It is the responsibility of every parent to monitor what they do.",
        "For help please visit, a site for young people. We liaise with partner agencies with immediate effect.",
    ]
    document = make_document(lines)
    checked = Checked("old.txt", *_run(CheckContext.of_document(document, today=TODAY)))
    short, full = as_text([checked], everything=False), as_text([checked])
    assert len(short.splitlines()) < 60 < len(full.splitlines())
    child, calling, rest = (short.index(words) for words in ("What could hurt", "What could keep", "The rest"))
    assert child < short.index("HM191 line") < calling < short.index("EV184 line") < rest < short.index("HM207")
    assert "Each with its words and its page: --all" in " ".join(short.split())
    assert max(map(len, short.splitlines())) <= 80
    assert "…" not in short, "advice that is cut off is followed wrongly"
    counted = {finding.code for finding in checked.report.findings}
    assert all(code in short or "…" in short for code in counted)


def _run(context: CheckContext) -> tuple[CheckContext, CheckReport]:
    return context, run(context)


def test_a_short_report_is_shown_whole() -> None:
    assert as_text([_checked(FAULT)], everything=False) == as_text([_checked(FAULT)])


def test_no_line_is_wider_than_the_terminal() -> None:
    checked = _checked(f"{FAULT} {LONG}", place=ParagraphLocation("old.docx", 4))
    for width in (60, 80, 100):
        assert max(map(len, as_text([checked], width=width).splitlines())) <= width


def test_paint_changes_nothing_but_the_looks() -> None:
    checked = _checked(f"{FAULT} {LONG}")
    looks: set[str] = set()

    def marked(text: str, look: Look) -> str:
        looks.add(look)
        return f"\x02{text}\x03"

    painted = as_text([checked], paint=marked)
    assert painted.replace("\x02", "").replace("\x03", "") == as_text([checked])
    assert looks == {"error", "advice", "place", "strong", "quiet"}


def test_a_letter_of_ours_says_its_languages() -> None:
    context = CheckContext.of_letter(make_letter(), today=TODAY)
    text = as_text([Checked("letters/spring", context, run(context, select=("RD001",)))])
    assert text.startswith("letters/spring: a letter of everyfamily in en: ")


def test_fixes_are_offered_only_where_they_can_be_written() -> None:
    checked = _checked(FAULT)
    fixed = tuple(replace(found, fix="being put at risk") for found in checked.report.findings)
    checked = replace(checked, report=replace(checked.report, findings=fixed))
    assert "--fix puts" not in as_text([checked])
    assert "--fix puts 1 of them right" in as_text([replace(checked, can_fix=True)])


def test_the_same_advice_again_and_again_is_told_in_a_line() -> None:
    found = _checked(FAULT).report.findings[0]
    again = tuple(
        replace(found, severity=Severity.ADVICE, place=SourceLocation("old.txt", line, 1))
        for line in range(1, 13)
    )
    checked = _checked(FAULT)
    text = _text(replace(checked, report=replace(checked.report, findings=again)))
    assert text.count("  advice  ") == 3
    told = "The same advice 9 more times: HM103 child-as-the-risk, at line 4, line 5, line 6, line 7, line 8, line 9 …."
    assert told in " ".join(text.split())
    assert "Found in old.txt: 12 pieces of advice." in text
    errors = tuple(replace(finding, severity=Severity.WARNING) for finding in again)
    assert _text(replace(checked, report=replace(checked.report, findings=errors))).count("  warning ") == 12
    once = _text(replace(checked, report=replace(checked.report, findings=again[:4])))
    assert "The same advice once more: HM103 child-as-the-risk, at line 4." in once
