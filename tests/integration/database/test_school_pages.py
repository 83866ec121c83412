"""A page of one school: for whom it is there, and what it was opened for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.http import Http404, HttpRequest, HttpResponse

from everyfamily.core.permissions import OF_PEOPLE, Right, Role
from everyfamily_postgres.launcher import Server

if TYPE_CHECKING:
    from everyfamily.accounts.models import Account
    from everyfamily.people.queries import SchoolFacts
    from everyfamily.staff.access import Visit

pytestmark = [pytest.mark.database, pytest.mark.slow]

WE_SEND, SENDS_ITSELF, ANOTHER, NOT_KNOWN = 900001, 900101, 900002, 999999


@pytest.fixture(autouse=True)
def _schools(database: Server) -> Iterator[None]:
    from django.test import override_settings

    from everyfamily.people.database.access import Access, opened
    from everyfamily.people.models import School

    for urn, sends in ((WE_SEND, "us"), (SENDS_ITSELF, "school"), (ANOTHER, "us")):
        School.objects.create(urn=urn, name=f"School {urn}", kind="primary", phase="primary", sends=sends)
    # As in a process that serves pages.
    with override_settings(EVERYFAMILY_CLOCK="system"), opened(Access.nothing()):
        yield


def _somebody(*roles: tuple[Role, int | None]) -> Account:
    from everyfamily.accounts.models import Account, Membership
    from everyfamily.people.models import School

    now = datetime.now(UTC)
    account = Account.objects.create(email="dev@example.org", name="Dev Marchetti", made_at=now)
    for role, urn in roles:
        school = None if urn is None else School.objects.get(urn=urn).pk
        Membership.objects.create(account=account, role=role, school_id=school, given_by="a test", given_at=now)
    return account


def _asked(right: Right, urn: int, who: Account) -> tuple[int, list[str]]:
    """The status of a page about the right, and what it may touch: of this school, and of another one."""
    from everyfamily.people.database.access import require_across, require_people, require_school
    from everyfamily.people.models import School
    from everyfamily.staff.access import school_page
    from everyfamily.staff.doors.session_store import SessionStore

    touched: list[str] = []

    def touches(name: str, *asked: object) -> None:
        require = {"school": require_school, "people": require_people, "across": require_across}[name.split()[0]]
        try:
            require(*asked)  # type: ignore[operator]
            touched.append(name)
        except Exception as problem:
            assert type(problem).__name__ in ("SchoolNotYours", "PeopleNotYours")

    @school_page(right)
    def view(visit: Visit, school: SchoolFacts) -> HttpResponse:
        other = School.objects.get(urn=ANOTHER).pk
        assert school.urn == urn
        touches("school", school.id)
        touches("people", school.id)
        touches("school of others", other)
        touches("people of others", other)
        touches("across")
        return HttpResponse()

    request = HttpRequest()
    request.user = who
    request.session = SessionStore()
    return view(request, urn=urn).status_code, touched


def test_a_lead_sees_only_their_own_school() -> None:
    lead = _somebody((Role.LEAD, WE_SEND))
    assert _asked(Right.SEE_SCHOOL, WE_SEND, lead) == (200, ["school"])
    for urn in (ANOTHER, SENDS_ITSELF, NOT_KNOWN):
        with pytest.raises(Http404):
            _asked(Right.SEE_SCHOOL, urn, lead)


def test_whoever_works_for_the_partnership_sees_no_school_of_somebody_else() -> None:
    coordinator = _somebody((Role.COORDINATOR, None))
    # A right that a coordinator has, but in the partnership and not at a school.
    for right in (Right.SEE_SCHOOL, Right.PAUSE_SCHOOL):
        with pytest.raises(Http404):
            _asked(right, WE_SEND, coordinator)


def test_a_page_about_people_opens_one_schools_vault_and_at_a_school_that_sends_itself_none() -> None:
    lead = _somebody((Role.LEAD, WE_SEND), (Role.LEAD, SENDS_ITSELF))
    for right in sorted(OF_PEOPLE):
        assert _asked(right, WE_SEND, lead) == (200, ["school", "people"])
        assert _asked(right, SENDS_ITSELF, lead) == (403, [])
    assert _asked(Right.GET_KIT, SENDS_ITSELF, lead) == (200, ["school"])


def test_a_role_at_one_school_gives_nothing_at_another() -> None:
    both = _somebody((Role.LEAD, WE_SEND), (Role.OFFICE, ANOTHER))
    assert _asked(Right.ATTEST_ROLL, WE_SEND, both)[0] == 200
    assert _asked(Right.ATTEST_ROLL, ANOTHER, both)[0] == 403
