"""Whom one may invite to act for a body: people with an address in one of its mail domains, exactly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from everyfamily.core.files.toml_files import TomlNotValid
from everyfamily.core.invitations import offer_of
from everyfamily.core.partnership.mail_domains import AddressNotOfBody, require_address_of_body
from everyfamily.core.partnership.open_domains import open_to_anybody
from everyfamily.core.partnership.partnership import Partnership, load_partnership, partnership_from
from everyfamily.core.partnership.second_person import changes_for_two, needs_two
from everyfamily.core.permissions import Role
from tests.factories.demonstration import PARTNERSHIP

TEXT = PARTNERSHIP.read_text(encoding="utf-8")
LINE = 'mail_domains = ["eastmere.example"]'
EXAMPLE = load_partnership(PARTNERSHIP)


def written(domains: str) -> Partnership:
    """As the file says it, for the council."""
    text = TEXT.replace(LINE, f"mail_domains = {domains}", 1)
    return partnership_from(text, "partnership.toml", lambda name: (PARTNERSHIP.parent / name).read_text())


def with_domains(council: tuple[str, ...], police: tuple[str, ...]) -> Partnership:
    first, second = EXAMPLE.bodies
    return replace(EXAMPLE, bodies=(replace(first, mail_domains=council), replace(second, mail_domains=police)))


def is_taken(email: str, area: Partnership, role: Role = Role.SIGNATORY, body: str = "police") -> bool:
    try:
        require_address_of_body(offer_of("Ben Frost", email, role, body=body), area)
    except AddressNotOfBody as problem:
        assert email not in f"{problem.fact} {problem.fix}"
        assert problem.field == "email"
        return False
    return True


@pytest.mark.parametrize(
    ("email", "taken"),
    [
        ("ben@force.example", True),
        ("Ben.Frost@FORCE.Example", True),
        ("ben+letters@force.example", True),
        ("ben@council.example", False),
        ("ben@sub.force.example", False),
        ("ben@force.example.evil.example", False),
        ("ben@notforce.example", False),
        ("ben@force.example.org", False),
        ("force.example@evil.example", False),
        ("ben+force.example@evil.example", False),
        # A Cyrillic o looks the same.
        ("ben@f\u043erce.example", False),
        # Wide letters are the same domain to every mail server.
        ("ben@\uff46orce.example", True),
    ],
)
def test_an_address_is_in_the_domain_exactly(email: str, taken: bool) -> None:
    assert is_taken(email, with_domains(("council.example",), ("force.example",))) is taken


@pytest.mark.parametrize(
    "domain", ["b\u00fccher.example", "B\u00dcCHER.example", "xn--bcher-kva.example", "bu\u0308cher.example"]
)
@pytest.mark.parametrize(
    "email", ["ben@b\u00fccher.example", "ben@XN--BCHER-KVA.example", "ben@bu\u0308cher.example"]
)
def test_other_scripts_are_one_domain_however_they_are_written(domain: str, email: str) -> None:
    area = written(f'["{domain}"]')
    assert is_taken(email, area, body="childrens-services")
    assert not is_taken("ben@bucher.example", area, body="childrens-services")


def test_a_role_of_the_whole_partnership_takes_a_domain_of_any_body() -> None:
    area = with_domains(("council.example",), ("force.example", "crime.example"))
    for role in (Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUTHOR, Role.VIEWER):
        assert is_taken("ben@council.example", area, role, "")
        assert is_taken("ben@crime.example", area, role, "")
        assert not is_taken("ben@evil.example", area, role, "")


def test_a_body_that_names_none_takes_any_address_and_so_does_the_whole_partnership() -> None:
    area = with_domains(("council.example",), ())
    assert is_taken("ben@evil.example", area)
    assert is_taken("ben@evil.example", area, Role.ADMINISTRATOR, "")
    assert not is_taken("ben@evil.example", area, body="childrens-services")
    assert not is_taken("ben@evil.example", with_domains(("a.example",), ("b.example",)), body="somebody-else")


def test_a_school_is_not_asked() -> None:
    offer = offer_of("Ben Frost", "ben@evil.example", Role.LEAD, school_id=1)
    require_address_of_body(offer, with_domains(("council.example",), ("force.example",)))


@pytest.mark.parametrize("domain", ["gmail.com", "Outlook.com", "HOTMAIL.CO.UK", "icloud.com", "yahoo.com"])
def test_a_domain_at_which_anybody_can_have_an_address_is_refused(domain: str) -> None:
    with pytest.raises(TomlNotValid, match="anybody can have an address there"):
        written(f'["{domain}"]')


@pytest.mark.parametrize(
    "domain", ["@force.example", "force", "https://force.example", "a b.example", "x@y.example"]
)
def test_what_is_not_a_domain_is_refused(domain: str) -> None:
    with pytest.raises(TomlNotValid, match="what follows the @"):
        written(f'["{domain}"]')


def test_the_list_is_in_the_spelling_in_which_it_is_compared() -> None:
    assert all(one == one.lower().strip() and "." in one for one in open_to_anybody())


@pytest.mark.parametrize(
    ("before", "after", "two"),
    [
        (("a.example",), ("a.example",), False),
        (("a.example",), ("b.example",), True),
        (("a.example",), ("a.example", "b.example"), True),
        (("a.example", "b.example"), ("a.example",), False),
        (("a.example",), (), True),
        ((), ("a.example",), True),
    ],
)
def test_another_domain_takes_two_people_and_one_fewer_takes_one(
    before: tuple[str, ...], after: tuple[str, ...], two: bool
) -> None:
    police = ("force.example",)
    was, now = with_domains(before, police), with_domains(after, police)
    for families_see in (True, False):
        assert needs_two(was, now, families_see=families_see) is two
    assert [(one.label, one.key) for one in changes_for_two(was, now)] == [
        ("Eastmere City Council", "mail_domains")
    ] * two
    assert not any(one.is_to_be_tried for one in changes_for_two(was, now))
