"""The page of rules says what the tables say, and the tables are what the tests run."""

from __future__ import annotations

from tools.docs import exports, who_may_do_what, who_may_have_it
from tools.docs.spec_tables import PAGE, page


def test_the_page_of_rules_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_every_case_stands_on_it() -> None:
    lines = page().splitlines()
    assert sum(line.startswith("### ") for line in lines) == 12
    assert sum(line.startswith("| ") for line in lines) > 80


def test_the_page_on_who_may_have_the_letter_is_current() -> None:
    assert who_may_have_it.PAGE.read_text(encoding="utf-8") == who_may_have_it.page(), "run `make docs`"


def test_the_page_on_who_may_do_what_is_current() -> None:
    assert who_may_do_what.PAGE.read_text(encoding="utf-8") == who_may_do_what.page(), "run `make docs`"


def test_the_page_on_exports_is_current() -> None:
    assert exports.PAGE.read_text(encoding="utf-8") == exports.page(), "run `make docs`"
