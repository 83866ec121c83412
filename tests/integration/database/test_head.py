"""A head sees all of their school except the words of notes, decides nothing, and takes nothing away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import IntegrityError

from everyfamily.core.permissions import Role
from tests.factories.city import NOW, City, adult
from tests.factories.doors import open_doors, page_of
from tests.factories.links import mailed_links
from tests.factories.school_pages import words_of
from tests.factories.signed_in import signed_in
from tests.integration.database.test_decision_pages import links, seen
from tests.integration.database.test_not_asked_yet import bring
from tests.integration.database.test_notes_not_read import export
from tests.integration.database.test_second_lead import kept
from tests.spec.tables import table

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
AT = f"/schools/{URN}/"
ROWS = [
    adult("P1", "Bo Marsh", RESTRICTION="do not send"),
    adult("P2", "Ana Ferris", RESTRICTION="", EMAIL="ana@example.org"),
    adult("P3", "Cal Ombre", PARENTAL_RESPONSIBILITY="", HAS_CARE=""),
]


@pytest.fixture(autouse=True)
def _doors(tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path, EVERYFAMILY_BASE_URL="https://letters.eastmere.example"):
        yield


@pytest.fixture
def school(city: City) -> int:
    return city.school(URN, ROWS)


def test_a_head_sees_what_is_decided_and_can_send_nothing(school: int) -> None:
    head, found = signed_in(Role.HEAD, "Judith Pell", school_id=school), links(school)
    bo, before = found["Bo Marsh"], kept(school)
    for path, words in (
        ("", "Who may have the letter"),
        ("restrictions/?show=must-not-have-it", "Must not have it"),
        (f"restrictions/{bo.pk}/", "Bo Marsh"),
        ("parents/", "Cal Ombre"),
        (f"children/{bo.pupil_id}/", "Bo Marsh"),
        (f"children/{bo.pupil_id}/adults/{bo.parent_id}/", "Bo Marsh"),
        ("attest/", "Say that your roll is right"),
        ("contacts/", "work"),
        ("settings/", "School settings"),
        ("people/", "Judith Pell"),
        ("families/", "letter"),
        ("audit/", "was done"),
        ("data/kept/", "kept"),
    ):
        page = page_of(head, f"{AT}{path}")
        assert words in page, path
    one = page_of(head, f"{AT}restrictions/{bo.pk}/")
    inside = one.partition('<fieldset class="only-looks" disabled>')[2].partition("</main>")[0]
    assert 'name="answer"' in inside, "what a lead would answer, and a browser sends none of it"
    assert inside.count("<fieldset") <= inside.count("</fieldset>")
    status = {
        head.post(f"{AT}{path}", form, secure=True).status_code
        for path, form in (
            (f"restrictions/{bo.pk}/", {"answer": "may", "seen": seen(one)}),
            (f"restrictions/{bo.pk}/", {"answer": "must-not", "seen": seen(one)}),
            ("attest/", {"roll": "yes"}),
            (f"children/{bo.pupil_id}/adults/{bo.parent_id}/", {"act": "objects"}),
            ("settings/", {"phone": "0151 496 0999"}),
            ("pause/", {}),
            ("people/invite/", {"name": "Mallory Crane", "email": "m@example.org", "role": "lead"}),
        )
    }
    assert status == {403}
    assert kept(school) == before


def test_a_head_takes_no_file_and_reads_no_request_for_data(school: int) -> None:
    head = signed_in(Role.HEAD, school_id=school)
    for path in (
        "families/table/",
        "contacts/table/",
        "audit/table/",
        "roll/file/set-aside.csv",
        "hand-outs/1/print/",
        "data/",
    ):
        for method in (head.get, head.post):
            assert method(f"{AT}{path}", secure=True).status_code == 403, path
    assert "Download as CSV" not in page_of(head, f"{AT}audit/")


def test_a_head_reads_no_words_of_notes(city: City) -> None:
    """The lead reads them, on both pages that have them."""
    school = city.school(URN, [], attests=False)
    bring(city, export("Only Mia goes there"))
    head, lead = signed_in(Role.HEAD, school_id=school), signed_in(Role.LEAD, school_id=school)
    at = f"{AT}restrictions/"
    assert "Only Mia goes there" in page_of(lead, f"{at}notes/")
    assert head.get(f"{at}notes/", secure=True).status_code == 403
    shown = 0
    for link in links(school).values():
        shown += "Only Mia goes there" in page_of(lead, f"{at}{link.pk}/")
        assert "Only Mia" not in page_of(head, f"{at}{link.pk}/")
    assert shown, "the lead does read them there"


def test_no_page_with_the_words_of_notes_is_one_to_look_at(school: int) -> None:
    looks = set(table("looks")["pages"])
    assert looks <= set(table("access"))
    assert not {"notes", "roll-file", "data-adult"} & looks


def test_one_account_may_be_head_and_lead_and_then_decides(school: int) -> None:
    from everyfamily.accounts.models import Membership

    both = signed_in(Role.HEAD, "Judith Pell", school_id=school)
    path = f"{AT}restrictions/{links(school)['Ana Ferris'].pk}/"
    assert both.post(path, {"answer": "may"}, secure=True).status_code == 403
    Membership.objects.create(
        account_id=both.account, role="lead", school_id=school, given_by="a test", given_at=NOW
    )
    page = page_of(both, path)
    assert "only-looks" not in page
    assert both.post(path, {"answer": "may", "seen": seen(page)}, secure=True).status_code == 302
    assert links(school)["Ana Ferris"].restriction == "none"


def test_nobody_of_the_partnership_is_head_too(school: int) -> None:
    from everyfamily.accounts.models import Membership

    ada = signed_in(Role.COORDINATOR, "Ada Clarke")
    with pytest.raises(IntegrityError):
        Membership.objects.create(
            account_id=ada.account, role="head", school_id=school, given_by="a test", given_at=NOW
        )


def test_the_lead_invites_a_head_as_they_invite_the_office(school: int) -> None:
    lead = signed_in(Role.LEAD, school_id=school)
    form = {"name": "Judith Pell", "email": "judith@example.org", "role": "head"}
    assert "Head" in words_of(lead.get(f"{AT}people/invite/", secure=True))
    assert lead.post(f"{AT}people/invite/", form, secure=True).status_code == 302
    assert [to for to, _ in mailed_links()] == ["judith@example.org"]


def test_a_head_of_a_school_that_sends_itself_sees_its_returns_and_no_families(city: City) -> None:
    school = city.school(900002, [], sends="school")
    head = signed_in(Role.HEAD, school_id=school)
    assert head.get("/schools/900002/return/", secure=True).status_code == 200
    for path in ("restrictions/", "families/", "attest/", "contacts/"):
        assert head.get(f"/schools/900002/{path}", secure=True).status_code == 403, path
