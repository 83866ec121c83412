"""From which year group a letter goes out: the pack says it, the partnership may decide otherwise, and the letter, its
record and what schools read keep to it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from everyfamily.core.calendar.year_groups import has_years_below, has_years_from
from everyfamily.core.files.toml_files import TomlNotValid
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.letter.compose import compose
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.packs import PackFile, parse_pack
from everyfamily.letters.files.record import build_record, from_year_in, letter_of
from everyfamily.rendering.kit_guide import render_kit_guide
from tests.factories.demonstration import DATED, REFERENCE, demo_letter, demo_pack, demo_partnership, pack_files


def composed(decided: dict[str, int]) -> Letter:
    partnership = replace(demo_partnership(), from_year=decided)
    return compose(demo_pack(), partnership, term="spring-2027", dated=DATED, reference=REFERENCE)


def record_of(letter: Letter) -> dict[str, object]:
    with_keys = tuple(replace(who, keys=(ApprovalKey.of_file("A" * 43 + "="),)) for who in letter.signatories)
    signed = replace(letter, signatories=with_keys)
    made = build_record(signed, {}, findings=(), waivers=(), rule_set="1", templates={})
    return json.loads(json.dumps(made))  # type: ignore[no-any-return]


def test_the_pack_says_it_and_the_partnership_may_decide_otherwise() -> None:
    assert demo_pack().about.from_year == 6
    assert composed({}).from_year == 6
    assert composed({"another-topic": 9}).from_year == 6
    assert composed({"child-sexual-exploitation": 8}).from_year == 8
    assert demo_letter().from_year == 0, "the demonstration's partnership decided for every child"


def test_the_signatories_agree_to_it_and_a_letter_to_every_child_keeps_its_digest() -> None:
    younger, every = record_of(composed({})), record_of(demo_letter())
    assert (from_year_in(younger), letter_of(younger).from_year) == (6, 6)
    assert (from_year_in(every), letter_of(every).from_year) == (0, 0)
    assert "from_year" not in every["letter"]  # type: ignore[operator]


def test_the_kit_says_to_whom_the_letter_goes() -> None:
    said = " ".join(render_kit_guide(composed({})).split())
    assert "every child on your roll in Year 6 or above" in said
    assert "children on roll in Year 6 or above; reached by email" in said
    assert "Year 6" not in render_kit_guide(demo_letter())


@pytest.mark.parametrize("year", ["-1", "14", '"Year 6"'])
def test_a_year_that_no_school_has_is_refused(year: str) -> None:
    files = pack_files()
    files["pack.toml"] = files["pack.toml"].replace(b"from_year = 6", f"from_year = {year}".encode())
    with pytest.raises(TomlNotValid) as refused:
        parse_pack(files, "a-pack")
    assert "from_year" in str(refused.value)


def test_a_pack_that_does_not_say_it_is_for_every_child() -> None:
    assert PackFile.model_fields["from_year"].default == 0


def test_a_school_is_in_if_it_may_have_such_a_child_and_is_only_counted_whole_if_it_has_no_younger() -> None:
    phases = ("Nursery", "Primary", "Middle deemed primary", "Secondary", "16 plus", "Not applicable")
    assert [phase for phase in phases if not has_years_from(phase, 6)] == ["Nursery"]
    assert [phase for phase in phases if not has_years_from(phase, 7)] == ["Nursery", "Primary"]
    assert [phase for phase in phases if not has_years_below(phase, 6)] == ["Secondary", "16 plus"]
    assert not any(has_years_below(phase, 0) for phase in phases)
