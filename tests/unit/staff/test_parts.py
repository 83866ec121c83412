"""Parts of a school, and where cards lead: to a page that whoever sees the card may open."""

from __future__ import annotations

from everyfamily.core.desk.waiting import OF_PARTNERSHIP, OF_SCHOOLS
from everyfamily.core.permissions import GRANTED, SCOPES, Right, Role, Scope
from everyfamily.staff.parts import PAGE_OF, PARTS
from tests.spec.tables import table

ACCESS = table("access")


def test_a_part_is_listed_for_whoever_may_open_it() -> None:
    assert {one.page: one.right.name for one in PARTS} == {one.page: ACCESS[one.page] for one in PARTS}
    assert len({one.name for one in PARTS}) == len(PARTS)


def test_whoever_sees_a_card_of_a_school_may_open_the_page_that_it_leads_to() -> None:
    wrong = [
        (kind.name, role.value, page)
        for kind, about in OF_SCHOOLS.items()
        if about.next is not None and (page := PAGE_OF.get(about.next))
        for role in Role
        if SCOPES[role] is Scope.SCHOOL
        and about.right in GRANTED[role]
        and Right[ACCESS[page]] not in GRANTED[role]
    ]
    assert wrong == []


def test_no_card_of_the_partnership_leads_to_a_schools_page() -> None:
    assert [kind.name for kind, about in OF_PARTNERSHIP.items() if about.next in PAGE_OF] == []
