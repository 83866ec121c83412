"""The table of rules, their pages and their words."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Rule
from everyfamily.checks.model.rule_pages import PageNotGood, page_in
from everyfamily.checks.report.reference import explain, pages, stale_pages, write_pages
from everyfamily.checks.report.sources import sources
from everyfamily.checks.rules.accessibility import low_contrast, vague_link_text
from everyfamily.checks.rules.harm import missing_elements as missing_in_harm
from everyfamily.checks.rules.harm.blaming_words import RULES as WORD_RULES
from everyfamily.checks.rules.trust import missing_elements as missing_in_trust
from everyfamily.checks.run.codes import FAMILIES, RULE_SET_VERSION, RULES, found_rules
from everyfamily.checks.run.runner import UnknownRule, run
from tests.checks.cases import context_of
from tests.factories.documents import make_document
from tests.factories.each import each
from tests.factories.letters import TODAY
from tests.factories.rule_lists import word_list
from tests.unit.checks.rule_set_digest import digest

ROOT = Path(__file__).parents[3]
RULE_FILES = ROOT / "src/everyfamily/checks/rules"
ROWS = word_list()


EVERY_RULE = each("rule", RULES.values())


@EVERY_RULE
def test_code_is_well_formed_and_under_its_own_key(rule: Rule) -> None:
    assert re.fullmatch(r"(RD|TR|HM|AC|LM|EV)\d{3}", rule.code)
    assert RULES[rule.code] is rule


@EVERY_RULE
def test_name_is_the_fault_in_kebab_case(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    assert not re.match(r"(no|not|banned|forbid|must|check|avoid)-", rule.name)


def test_names_are_unique() -> None:
    assert [name for name, n in Counter(rule.name for rule in RULES.values()).items() if n > 1] == []


def _module_of(rule: Rule) -> str:
    """The module that gives the rule: that of its check, or the family's list of elements."""
    check = getattr(rule.check, "func", rule.check)
    lists = (missing_in_harm, missing_in_trust)
    return next((module.__name__ for module in lists if rule in module.RULES), str(check.__module__))


def test_every_rule_file_is_in_the_table() -> None:
    modules = {_module_of(rule) for rule in RULES.values()}
    files = {
        f"everyfamily.checks.rules.{path.parent.name}.{path.stem}"
        for path in RULE_FILES.glob("*/*.py")
        if path.stem != "__init__"
    }
    assert files == modules


def test_no_two_rules_have_one_code() -> None:
    assert sorted(rule.code for rule in found_rules()) == sorted(RULES)


def test_every_page_is_that_of_a_rule_and_begins_with_it() -> None:
    first_lines = {
        path.relative_to(RULE_FILES).as_posix(): path.read_text(encoding="utf-8").split("\n")[0]
        for path in RULE_FILES.glob("*/*.md")
    }
    assert first_lines == {
        f"{FAMILIES[rule.code[:2]][0]}/{rule.name.replace('-', '_')}.md": f"# {rule.code} {rule.name}"
        for rule in RULES.values()
        if rule.made_page is None
    }


@each(
    "change, problem",
    [
        (("## Example", "## Sample"), "Example"),
        (("## Sources", "## Other\n\n## Sources"), "Other"),
        (("Stable.", "Steady."), "the status"),
    ],
)
def test_a_page_without_its_parts_is_named(change: tuple[str, str], problem: str) -> None:
    text = (RULE_FILES / "trust/dead_route.md").read_text(encoding="utf-8")
    with pytest.raises(PageNotGood, match=rf"^dead_route\.md: .*{problem}"):
        page_in(text.replace(*change), "dead_route.md")


def test_a_rule_without_a_page_is_named() -> None:
    with pytest.raises(PageNotGood, match="shouted-words"):
        _ = Rule("RD099", "shouted-words", Severity.ADVICE, "text", lambda _: ()).page


def test_pages_say_the_numbers_that_count() -> None:
    contrast, links = RULES["AC006"].page.checks, RULES["AC004"].page.checks
    assert f"{low_contrast.ENOUGH:g} to 1, or by {low_contrast.ENOUGH_IF_LARGE:g} to 1 if it is large" in contrast
    assert f"({low_contrast.LARGE:g} points, or {low_contrast.LARGE_IF_BOLD:g} in bold)" in contrast
    assert f"more than {vague_link_text.LONGEST_ADDRESS} characters" in links


@EVERY_RULE
def test_rule_lies_in_its_family_folder(rule: Rule) -> None:
    assert _module_of(rule).split(".")[-2] == FAMILIES[rule.code[:2]][0]


def test_every_rule_file_has_its_file_of_cases() -> None:
    files = {path.relative_to(RULE_FILES).with_suffix("") for path in RULE_FILES.glob("*/*.py")}
    cases = {
        path.relative_to(ROOT / "tests/checks").with_suffix("")
        for path in (ROOT / "tests/checks").glob("*/*.toml")
    }
    assert {file for file in files if file.name != "__init__"} == cases


@EVERY_RULE
def test_page_is_whole_and_evidence_is_known(rule: Rule) -> None:
    page = rule.page
    assert all(text.strip() for text in (page.checks, page.matters, page.example, page.instead))
    assert set(page.evidence) <= set(sources())
    assert page.evidence or page.status == "preview"


@EVERY_RULE
def test_preview_is_never_an_error(rule: Rule) -> None:
    assert rule.page.status != "preview" or rule.severity is not Severity.ERROR


def test_every_source_is_used_by_a_row_or_a_rule() -> None:
    used = {key for rule in RULES.values() for key in rule.page.evidence} | {
        k for row in ROWS for k in row["evidence"]
    }
    assert set(sources()) == used


def test_generated_pages_are_current() -> None:
    assert stale_pages(ROOT / "docs/checks") == [], (
        "run: python -m everyfamily.checks.report.reference docs/checks"
    )


def test_writing_pages_changes_only_what_differs(tmp_path: Path) -> None:
    (tmp_path / "ZZ001.md").write_text("a rule that is gone", encoding="utf-8")
    assert "ZZ001.md" in write_pages(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(pages())
    assert write_pages(tmp_path) == []


def test_explain_shows_the_page_by_code_or_name() -> None:
    text = explain("hm001")
    assert text == explain("missing-fault-line")
    assert text.startswith("HM001 missing-fault-line\n")
    assert "Why it matters to families" in text
    assert "#" not in text


def test_explain_refuses_a_code_of_no_rule() -> None:
    with pytest.raises(UnknownRule):
        explain("HM999")


def test_the_words_list_is_whole() -> None:
    assert Counter(row["level"] for row in ROWS) == {"stop": 26, "check": 28, "plain": 13}
    assert len({row["id"] for row in ROWS}) == len({row["code"] for row in ROWS}) == 67
    by_words = {row["code"] for row in ROWS if "looks" not in row}
    assert {rule.code for rule in WORD_RULES} == by_words
    assert {row["code"] for row in ROWS} <= set(RULES), "every row runs, by its words or by a rule of its own"


@each("row", ROWS)
def test_row_code_follows_its_id(row: dict[str, str]) -> None:
    offset = {"L": 100, "M": 160, "J": 170}[row["id"][0]]
    assert row["code"] == f"HM{offset + int(row['id'][1:])}"


@each("row", ROWS)
def test_suggestion_passes_every_row(row: dict[str, str]) -> None:
    report = run(context_of({"name": row["id"], "text": row["suggestion"]}), select=["HM1"])
    assert report.findings == ()


def test_a_change_of_what_is_found_is_a_new_version() -> None:
    assert (RULE_SET_VERSION, digest()) == ("2026.8", DIGEST), (
        "raise RULE_SET_VERSION, then write the new digest here"
    )


DIGEST = "fa91fdb774eae10a"


@EVERY_RULE
def test_rule_finds_nothing_where_there_is_nothing(rule: Rule) -> None:
    assert list(rule.check(CheckContext.of_document(make_document([]), today=TODAY))) == []
