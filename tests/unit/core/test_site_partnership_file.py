"""What the partnership's file may say of the site's addresses and numbers: each leads where a family thinks it does."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from everyfamily.core.files.toml_files import TomlNotValid, parse_toml
from everyfamily.core.partnership.partnership_file import Address, Number, PartnershipFile
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.each import each

TEXT = PARTNERSHIP.read_text(encoding="utf-8")
SITE = "families.eastmere.example"


def read(*, site: str = SITE, leave_to: str | None = None) -> PartnershipFile:
    assert f'site = "{SITE}"' in TEXT
    text = TEXT.replace(f'site = "{SITE}"', f'site = "{site}"')
    own = 'leave_to = "https://www.bbc.co.uk/weather"\n'
    assert own in text
    text = text.replace(own, f'leave_to = "{leave_to}"\n' if leave_to is not None else "")
    return parse_toml(PartnershipFile, text, "partnership.toml")[0]


@pytest.mark.parametrize("path", ["", "/", "/help", "/weather/today"])
@pytest.mark.parametrize("site", [SITE, f"{SITE}/families"])
def test_leaving_does_not_lead_to_the_site_itself(path: str, site: str) -> None:
    with pytest.raises(TomlNotValid, match="leave_to leads to the parent site itself"):
        read(site=site, leave_to=f"https://{SITE}{path}")


@pytest.mark.parametrize("leave_to", ["https://eastmere.example", f"https://{SITE}.org", None])
def test_leaving_may_lead_to_any_other_host(leave_to: str | None) -> None:
    assert read(leave_to=leave_to).site_pages.leave_to == (leave_to or "https://www.bbc.co.uk/weather")


@pytest.mark.parametrize("number", ["0151 496 0120", "999", "((school number))"])
def test_a_number_is_digits_in_groups_or_the_schools(number: str) -> None:
    assert TypeAdapter(Number).validate_python(number) == number


@pytest.mark.parametrize(
    "number",
    [
        "٠١٥١ ٤٩٦ ٠١٢٠",
        "0151 496 012\u0660",
        "۹۹۹",
        "\uff19\uff19\uff19",
        "9",
        "99 ",
        "+44 151",
        "9\u200b99",
        "999\n",
    ],
)
def test_a_number_in_other_digits_cannot_be_called_and_is_refused(number: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Number).validate_python(number)


@pytest.mark.parametrize(
    "address",
    [
        "example.org",
        "example.org/",
        "example.org/help",
        "ceop.police.uk/Safety-Centre",
        "example.org/a/b_c/d.html/",
    ],
)
def test_an_address_is_a_host_and_a_plain_path(address: str) -> None:
    assert TypeAdapter(Address).validate_python(address) == address


@each(
    "address",
    [
        *("example.org//", "example.org//help", "example.org/a//b", "example.org/help//"),
        *("example.org/.", "example.org/..", "example.org/../help", "example.org/a/../b", "example.org/.git"),
        *("https://example.org", "example.org/a b", "example.org/?a", "example.org/#a", "EXAMPLE.org", "example"),
        "example.org/help\n",
    ],
)
def test_an_address_has_no_empty_or_dotted_part(address: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Address).validate_python(address)
