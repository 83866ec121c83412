"""Another number for a line: one person asks for it, a second rings it too, and nothing changes for families before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from everyfamily.core.permissions import Role
from tests.factories.city import NOW, REFERENCE, City
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.doors import open_doors
from tests.factories.school_pages import MOST_QUERIES, questions_of, words_of
from tests.factories.signed_in import signed_in
from tests.integration.database.test_route_pages import LOCAL, get, post, una

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]
__all__ = ["una"]

PAGE, FRESH, STRANGER = "/routes/local/number/", "0151 496 0125", "0151 496 0999"
TRIED = "Eastmere children’s team, number"


def number_of(row: str = "local") -> str | None:
    from everyfamily.partnership.queries import in_force

    found = in_force()
    assert found is not None
    return found.partnership.route(row).number


def asked(client: Client, number: str = FRESH) -> str:
    """The page of the change that waits."""
    answer = post(client, PAGE, place=LOCAL, number=number, result="good", note="the duty desk")
    assert answer.status_code == 302, words_of(answer)[:400]
    return str(answer.headers["Location"])


def agreed(client: Client, change: str, *tried: str) -> Any:
    return client.post(f"{change}in-force/", {"tried": list(tried)}, secure=True)


def test_what_is_no_new_number_is_refused_with_what_was_typed(una: Client) -> None:
    from everyfamily.partnership.queries import open_proposal, versions

    assert "It has another number now" in get(una, "/routes/local/")
    for fields, words in (
        ({"number": FRESH}, "Say that you rang it."),
        ({"number": "the duty desk", "result": "good"}, "Give the new number"),
        ({"number": FRESH, "result": "good", "note": "ask 07700 900123"}, "has an email address or a number"),
    ):
        refused = post(una, PAGE, place=LOCAL, **fields)
        assert (refused.status_code, words in words_of(refused)) == (422, True), words_of(refused)[:300]
        assert f'value="{fields["number"]}"' in refused.content.decode()
    assert (versions(), open_proposal()) == ([], None)
    assert questions_of(una, PAGE) <= MOST_QUERIES
    assert una.get("/routes/online/number/", secure=True).status_code == 404
    assert una.get("/routes/school/number/", secure=True).status_code == 404


def test_it_counts_when_a_second_person_has_rung_it_too(una: Client) -> None:
    from everyfamily.letters.models import RouteCheck
    from everyfamily.partnership.queries import in_force, versions

    change = asked(una)
    assert "waits for a second person" in get(una, change)
    assert number_of() == LOCAL
    assert "in-force" not in una.get(change, secure=True).content.decode()
    ada = signed_in(Role.ADMINISTRATOR, "Ada Clarke")
    assert (
        f"I tried {FRESH} just now. It reaches Eastmere children’s team. Families ring or open {LOCAL} now."
        in get(ada, change)
    )
    refused = agreed(ada, change)
    assert (refused.status_code, "You have not tried each new number" in words_of(refused)) == (409, True)
    assert number_of() == LOCAL
    assert agreed(ada, change, TRIED).status_code == 302
    assert number_of() == FRESH
    found, [version] = in_force(), versions()
    assert found is not None
    assert (version.by, version.asked_by) == ("Ada Clarke", "Una Marsh")
    assert found.partnership.route("local").checked_by == "Una Marsh"
    assert RouteCheck.objects.values_list("place", "is_good", "by").get() == (FRESH, True, "Ada Clarke")
    # The letter that is out has the old number, and its line has an address of its own.
    assert f"{LOCAL} In {REFERENCE}" in get(una, "/routes/")
    assert f"{FRESH} In no letter yet" in get(una, "/routes/")


@pytest.mark.parametrize(
    ("name", "is_new", "address"),
    [
        ("Una Marsh", False, "una@example.org"),
        ("Noor Hale", True, ""),
        ("Ada Clarke", False, "una+two@example.org"),
    ],
    ids=["the same person", "an account of today", "another account of the same mailbox"],
)
def test_nobody_is_a_second_person_for_themselves(una: Client, name: str, is_new: bool, address: str) -> None:
    from everyfamily.accounts.models import Account

    change = asked(una)
    client = una if name == "Una Marsh" else signed_in(Role.COORDINATOR, name)
    now = Account.objects.filter(pk=client.account)  # type: ignore[attr-defined]
    if address:
        now.update(email=address)
    if is_new:
        now.update(made_at=NOW)
    assert agreed(client, change, TRIED).status_code == 409
    assert number_of() == LOCAL


def test_when_the_role_of_whoever_asked_has_ended_one_person_would_stand_behind_it(una: Client) -> None:
    from django.utils import timezone

    from everyfamily.accounts.models import Membership

    change, ada = asked(una), signed_in(Role.ADMINISTRATOR, "Ada Clarke")
    Membership.objects.filter(account_id=una.account).update(ended_at=timezone.now())  # type: ignore[attr-defined]
    refused = agreed(ada, change, TRIED)
    assert (refused.status_code, "may not ask for this any more" in words_of(refused)) == (409, True)
    assert number_of() == LOCAL


def test_of_two_who_agree_one_puts_it_in_force(una: Client) -> None:
    change = asked(una)
    ada, ben = signed_in(Role.ADMINISTRATOR, "Ada Clarke"), signed_in(Role.COORDINATOR, "Ben Howe")
    assert agreed(ada, change, TRIED).status_code == 302
    assert agreed(ben, change, TRIED).status_code == 409


def test_a_letter_that_was_sealed_after_it_was_asked_for_makes_it_take_two(city: City, tmp_path: Path) -> None:
    """Nobody could see a number yet when it was asked for; now families can."""
    from everyfamily.accounts.models import Account
    from everyfamily_demo.clock import set_simulated

    with open_doors(tmp_path, EVERYFAMILY_CLOCK="database", EVERYFAMILY_PARTNERSHIP=PARTNERSHIP):
        set_simulated(NOW)
        cora = signed_in(Role.COORDINATOR, "Cora Finch")
        text = PARTNERSHIP.read_text(encoding="utf-8").replace(LOCAL, STRANGER)
        change = proposed(cora, text)
        city.school(900001, [])
        city.open()
        refused = agreed(cora, change, TRIED)
        assert (refused.status_code, "somebody else must put it in force" in words_of(refused)) == (409, True)
        # Nor does an account of today, or her own other one.
        for name, changed in (("Noor Hale", {"made_at": NOW}), ("Ada Clarke", {"email": "cora+two@example.org"})):
            other = signed_in(Role.COORDINATOR, name)
            Account.objects.filter(pk=other.account).update(**changed)
            assert agreed(other, change, TRIED).status_code == 409
        assert number_of() == LOCAL


def proposed(client: Client, text: str) -> str:
    from django.core.files.uploadedfile import SimpleUploadedFile

    drawings = [SimpleUploadedFile(one.name, one.read_bytes()) for one in PARTNERSHIP.parent.glob("*.svg")]
    file = SimpleUploadedFile("partnership.toml", text.encode())
    answer = client.post("/settings/change/", {"file": file, "drawings": drawings}, secure=True)
    assert answer.status_code == 302, words_of(answer)[:600]
    return str(answer.headers["Location"])


def test_a_stranger_s_number_gets_into_no_row_by_one_person_or_into_a_national_one_by_two(una: Client) -> None:
    """What the review did with one cookie: each row of the register, by the page and by the file."""
    from everyfamily.partnership.queries import in_force

    found = in_force()
    assert found is not None
    numbers = {one.id: one.number for one in found.partnership.routes if one.number and not one.differs_by_school}
    for row, number in numbers.items():
        assert number is not None
        answer = post(una, f"/routes/{row}/number/", place=number, number=STRANGER, result="good")
        assert answer.status_code == (302 if number.startswith("0151") else 422), row
        if answer.status_code == 302:
            assert (
                una.post(f"{answer.headers['Location']}in-force/", {"tried": TRIED}, secure=True).status_code
                == 409
            )
            assert post(una, f"{answer.headers['Location']}give-up/").status_code == 302
        assert number_of(row) == number


def told() -> list[tuple[str, str]]:
    """Whom emails are written to, by name or address, and about what."""
    from everyfamily.accounts.models import Account
    from everyfamily.work.models import ToldMail

    names = dict(Account.objects.values_list("id", "name"))
    rows = ToldMail.objects.order_by("id").values_list("account_id", "address", "about", "lines")
    for _, _, _, lines in rows:
        assert FRESH in lines[1] and LOCAL in lines[1], lines
    return [(names.get(account) or address, about) for account, address, about, _ in rows]


def test_coordinators_signatories_and_the_owner_of_the_line_hear_of_it_at_once(
    una: Client, tmp_path: Path
) -> None:
    from everyfamily.core.actors import Actor
    from everyfamily.core.partnership.second_person import Watch
    from everyfamily.core.partnership.versions import files_at, files_given
    from everyfamily.partnership.actions import import_settings

    kept = dict(files_at(PARTNERSHIP)[0].drawings)
    text = PARTNERSHIP.read_text(encoding="utf-8").replace(
        'owner = "Front door manager', 'owner_email = "door@eastmere.example"\nowner = "Front door manager', 1
    )
    given = files_given(text.encode(), "partnership.toml", {}, kept)
    import_settings(*given, Actor.typed("Ines Ortega"), None, NOW, watch=Watch(families_see=False))
    signed_in(Role.SIGNATORY, "Ruth Calloway")
    ada, change = signed_in(Role.ADMINISTRATOR, "Ada Clarke"), asked(una)
    everybody = ["Una Marsh", "Ruth Calloway", "door@eastmere.example"]
    assert told() == [(one, "numbers.asked-for") for one in everybody]
    assert agreed(ada, change, TRIED).status_code == 302
    assert told()[3:] == [(one, "numbers.agreed-to") for one in everybody]


def test_the_parent_site_follows_the_second_person_and_not_the_first(una: Client) -> None:
    """What its worker compares each minute to know that it must make the site again."""
    from everyfamily.staff.site.inputs import mark_now

    before = mark_now([REFERENCE])
    change = asked(una)
    assert mark_now([REFERENCE]) == before
    assert agreed(signed_in(Role.ADMINISTRATOR, "Ada Clarke"), change, TRIED).status_code == 302
    assert mark_now([REFERENCE]) != before


def test_in_one_version_with_a_name_the_number_still_takes_two(una: Client) -> None:
    text = PARTNERSHIP.read_text(encoding="utf-8").replace(LOCAL, STRANGER)
    change = proposed(una, text.replace('name = "Tom Garrowby"', 'name = "Ruth Calder"'))
    ada = signed_in(Role.ADMINISTRATOR, "Ada Clarke")
    assert agreed(ada, change).status_code == 409
    assert number_of() == LOCAL


def test_the_command_needs_two_names_too(una: Client, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from everyfamily.cli.main import main

    for one in PARTNERSHIP.parent.glob("*.svg"):
        (tmp_path / one.name).write_bytes(one.read_bytes())
    file = tmp_path / "partnership.toml"
    file.write_text(PARTNERSHIP.read_text(encoding="utf-8").replace(LOCAL, FRESH), encoding="utf-8")
    words = ["partnership", "import", str(file), "--by", "Una Marsh"]
    refused = CliRunner().invoke(main, words)
    assert refused.exit_code == 2
    assert "EF431" in refused.output
    assert number_of() == LOCAL
    assert CliRunner().invoke(main, [*words, "--agreed-by", "Ada Clarke"]).exit_code == 0
    assert number_of() == FRESH
