"""A partnership's file is read whole, or refused with file, line and fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.toml_files import TomlNotValid, TomlPlaces, parse_toml
from everyfamily.core.partnership.partnership import (
    DemoCheckerOutsideDemo,
    PartnerDoesNotSign,
    Partnership,
    RouteUnknown,
    build_partnership,
    load_partnership,
)
from everyfamily.core.partnership.partnership_file import PartnershipFile
from tests.factories.demonstration import PARTNERSHIP, demo_partnership
from tests.factories.each import each

TEXT = PARTNERSHIP.read_text(encoding="utf-8")
DRAWINGS = {path.name: path.read_text(encoding="utf-8") for path in PARTNERSHIP.parent.glob("*.svg")}


def read(text: str) -> Partnership:
    model, places = parse_toml(PartnershipFile, text, "partnership.toml")
    return build_partnership(model, DRAWINGS, places)


def refusal(old: str, new: str) -> tuple[EveryfamilyError, str]:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    with pytest.raises(EveryfamilyError) as caught:
        read(text)
    assert caught.value.place is not None
    return caught.value, text.split("\n")[caught.value.place.line - 1]


def test_the_demonstrations_file_reads_whole() -> None:
    partnership = demo_partnership()
    assert [who.organisation for who in partnership.signatories] == ["Eastmere City Council", "Eastmere Police"]
    assert partnership.demonstration
    assert partnership.bodies[0].logo_svg.startswith("<svg")


def test_every_row_knows_its_line() -> None:
    lines = TEXT.split("\n")
    for route in demo_partnership().routes:
        assert lines[route.line - 1] == "[[routes]]"
        assert lines[route.line] == f'id = "{route.id}"'
    for promise in demo_partnership().promises:
        assert lines[promise.line].startswith(f'id = "{promise.id}"')


def test_a_partnership_without_the_police_is_refused() -> None:
    error, line = refusal('required_signatories = ["childrens-services", "police"]',
                          'required_signatories = ["childrens-services", "other"]')  # fmt: skip
    assert "not among the [[signatories]]" in error.fact
    error, line = refusal('id = "police"\nbody = "police"', 'id = "police"\nbody = "council"')
    assert isinstance(error, PartnerDoesNotSign)
    assert error.fact == "Nobody from the police is among the required signatories."
    assert line.startswith("required_signatories")


def test_a_demo_check_counts_only_in_the_demonstration() -> None:
    error, line = refusal("demonstration = true", "demonstration = false")
    assert isinstance(error, DemoCheckerOutsideDemo)
    assert line == 'checked_by = "demo"'


@each(
    "old, new, fact, line",
    [
        ('nation = "England"', 'nation = "France"', '"nation" cannot be used', 'nation = "France"'),
        ('area = "Eastmere"', 'aera = "Eastmere"', '"area" is missing.', "#"),
        ('hours = "8am to 10pm', 'ours = "8am to 10pm', '"routes.4.hours" is missing.', "[[routes]]"),
        ('label = "Childline"', 'label = "Childline"\nhue = "red"', '"routes.5.hue" is not known', "hue"),
        ('label = "Childline"', 'label = "Childline"\ndemonstration = true', '"demonstration" belongs', "demo"),
        ('number = "0800 1111"', 'number = "+44 800 1111"', '"routes.5.number" cannot be used', "number ="),
        ('number = "0800 1111"', "", '"routes.5" cannot be used: a route has either', "[[routes]]"),
        ('url = "ceop', 'url = "https://ceop', '"routes.6.url" cannot be used', "url ="),
        ('mailbox = "letters@eastmere.example"', 'mailbox = "letters"', '"enquiries.mailbox" cannot', "mailbox"),
        ('sender_name = "Eastmere"', 'sender_name = "Eastmere Letters"', '"sender_name" cannot be used', "sender_name"),
        ("opens_on = 2027-01-04", "opens_on = 2027-01-03", "The spring term 2027 cannot be right", "[[terms]]"),
        ("opens_on = 2027-01-04", "opens_on = 2027-13-04", "2027-13-04 is not a date.", "opens_on"),
        ("opens_on = 2027-01-04", "opens_on = 2027-1-4", "2027-1-4 is not a date.", "opens_on"),
        ("opens_on = 2027-01-04", "opens_on = 2027-02-30", "2027-02-30 is not a date.", "opens_on"),
        ('area = "Eastmere"', 'area = "Eastmere', "The file is not valid TOML", "area"),
        ('logo = "logo-council.svg"', 'logo = "logo.png"', '"bodies.0.logo" cannot be used: it must be an SVG', "logo"),
        ('site = "families.eastmere.example"', 'site = "https://x.example"', '"site" cannot be used: write', "site"),
        ("opens_on = 2027-01-04", 'opens_on = "4 January"', '"terms.1.opens_on" cannot be used', "opens_on"),
        ('id = "survivors"', 'id = "online"', '"online" is twice in routes.', 'id = "online"'),
        ('body = "council"', 'body = "parish"', 'The signatory "childrens-services" signs for', 'body = "parish"'),
        ('checked_on = 2027-02-22\nchecked_by = "demo"', "checked_on = 2027-02-22", '"routes.0" cannot', "[[routes"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(old: str, new: str, fact: str, line: str) -> None:
    error, shown = refusal(old, new)
    assert error.fact.startswith(fact)
    assert shown.startswith(line)
    assert error.fix


def test_an_email_under_example_is_invented_and_allowed() -> None:
    assert read(TEXT).reply_mailbox == "letters@eastmere.example"


def test_a_route_that_is_not_there_is_named() -> None:
    with pytest.raises(RouteUnknown, match='no "careline"'):
        demo_partnership().route("careline")


def test_a_missing_drawing_is_named_where_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "partnership.toml").write_text(TEXT, encoding="utf-8")
    with pytest.raises(EveryfamilyError) as caught:
        load_partnership(tmp_path / "partnership.toml")
    assert "logo-council.svg" in caught.value.fact
    assert caught.value.place is not None
    assert TEXT.split("\n")[caught.value.place.line - 1] == 'logo = "logo-council.svg"'


def test_a_drawing_that_could_do_something_is_refused_with_its_line() -> None:
    model, places = parse_toml(PartnershipFile, TEXT, "partnership.toml")
    drawings = {**DRAWINGS, "logo-council.svg": "<svg xmlns='http://www.w3.org/2000/svg'>\n<script/></svg>"}
    with pytest.raises(EveryfamilyError, match="holds") as caught:
        build_partnership(model, drawings, places)
    assert caught.value.place == SourceLocation("logo-council.svg", 2)


def test_a_picture_that_is_no_svg_is_refused() -> None:
    model, places = parse_toml(PartnershipFile, TEXT, "partnership.toml")
    with pytest.raises(EveryfamilyError, match="is not an SVG"):
        build_partnership(model, {**DRAWINGS, "logo-council.svg": "GIF89a"}, places)


def test_a_real_partnership_checks_its_own_routes() -> None:
    text = TEXT.replace("demonstration = true", "").replace('checked_by = "demo"', 'checked_by = "Duty manager"')
    assert not read(text).demonstration


def test_the_line_of_a_nested_key_is_found() -> None:
    text = "a = 1\n[[t]]\nx = 1\n[t.inner]\ny = 1\n[[t]]\n[t.inner]\ny = 2\n"
    places = TomlPlaces(text, "f")
    assert [places.line(("t", n, "inner", "y")) for n in (0, 1)] == [5, 8]
    assert places.line(("t", 1, "inner", "absent")) == 7
    assert places.line(("absent",)) == 1


@pytest.mark.parametrize(
    "key",
    [
        "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",  # the identity, under which one signature fits any message
        "JuiVj8KyJ7BFw/SJ8u+Y8NXfrAXTxjM5sTgCiG1T/AU=",  # of order eight
        "7v///////////////////////////////////////38=",  # the identity, spelled as the prime and one
    ],
)
def test_a_key_under_which_a_signature_proves_nothing_is_refused(key: str) -> None:
    error, _ = refusal('# public_key = "…"', f'public_key = "{key}"')
    assert '"signatories.0.public_key" cannot be used' in error.fact


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [("a", "", ""), ("a", "[", "]"), ("a", "x = {", "}"), ('"\\""', "", ""), ("'.'", "", "")],
)
def test_a_key_of_very_many_parts_is_refused_before_it_fills_the_memory(
    part: str, before: str, after: str
) -> None:
    """Python’s reader keeps every beginning of a key, so that a file of 180 kB could take all of a machine’s
    memory."""
    key = " . ".join([part] * 300)
    with pytest.raises(TomlNotValid, match="too many parts") as caught:
        read(f"{TEXT}\n{before}{key}{'' if before == '[' else ' = 1'}{after}\n")
    assert caught.value.place is not None
    assert caught.value.place.line == TEXT.count("\n") + 2
