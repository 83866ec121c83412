"""A lead's word covers what was there when it was given. What a file or a decision adds or opens later waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from everyfamily.core.accounting.coverage import Outcome, Reason
from everyfamily.core.actors import Actor
from everyfamily.core.desk.kinds import Kind
from tests.factories.city import NOW, City, Row, adult
from tests.integration.database.test_sending import values

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
LATER = NOW + timedelta(minutes=2)
ANA = adult("P1", "Ana Ferris", EMAIL="ana@example.org")
DEE = adult("P2", "Dee Marsh", EMAIL="dee@example.org")
LEAD = Actor.typed("Ines Ortega")


@pytest.fixture
def going(city: City) -> City:
    """The lead attested and the letter went to Ana."""
    city.school(URN, [ANA])
    city.open()
    city.send()
    assert values(city) == {"ana@example.org": 1}
    return city


def attests(city: City, now: datetime, *, restrictions: bool = False) -> None:
    from everyfamily.people.actions.attesting import attest

    attest(city.schools[URN], restrictions=restrictions, parents=False, by=LEAD, now=now)


def file(city: City, rows: Sequence[Row], now: datetime = LATER) -> None:
    city.import_rows(URN, rows, now)


def link_of(city: City, name: str) -> int:
    """The link of an adult, whatever was decided about it."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault
    from everyfamily.people.models import Care

    school = city.schools[URN]
    with tenant(school):
        vault = open_vault(school, now=LATER)
        rows = Care.objects.values_list("id", "parent_id", "parent__name")
        return next(link for link, parent, kept in rows if vault.decrypt("parent", parent, bytes(kept)) == name)


def waits_now(city: City, now: datetime) -> list[tuple[Kind, str]]:
    """What waits for the school's people about their word."""
    from everyfamily.accounts.desk.gathering import Reach, gather

    waits = gather(Reach.at([city.schools[URN]]), now).waits
    return [(one.kind, one.note) for one in waits if one.kind in (Kind.WORD_AGAIN, Kind.ATTEST)]


def test_a_file_after_the_word_sends_to_nobody_new_until_another_word(going: City) -> None:
    file(going, [ANA, DEE])
    going.send(LATER)
    assert values(going) == {"ana@example.org": 1}
    assert waits_now(going, LATER) == [(Kind.WORD_AGAIN, "1 adult came or were opened after you said it.")]
    total = going.coverage(LATER).total
    assert (total.outcomes[Outcome.NOT_REACHED], total.reasons) == (1, {Reason.UNDECIDED: 1})
    attests(going, LATER)
    assert waits_now(going, LATER) == [(Kind.WORD_AGAIN, "1 adult came or were opened after you said it.")]
    going.send(LATER)
    assert values(going) == {"ana@example.org": 1, "dee@example.org": 1}
    assert waits_now(going, LATER) == []


def test_a_file_between_the_word_and_the_wave_holds_only_what_is_new(city: City) -> None:
    city.school(URN, [ANA])
    city.open()
    file(city, [ANA, DEE])
    city.send(LATER)
    assert values(city) == {"ana@example.org": 1}
    attests(city, LATER)
    city.send(LATER)
    assert values(city) == {"ana@example.org": 1, "dee@example.org": 1}


def test_the_same_file_again_and_a_brother_who_joins_need_no_word(city: City) -> None:
    city.school(URN, [ANA])
    city.open()
    file(city, [ANA])
    file(city, [ANA, adult("P3", "Ana Ferris", EMAIL="ana@example.org")], LATER + timedelta(minutes=1))
    city.send(LATER)
    assert values(city) == {"ana@example.org": 1}
    assert waits_now(city, LATER) == []


def test_a_child_who_left_and_comes_back_by_a_file_waits(going: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Pupil

    file(going, [ANA, DEE])
    attests(going, LATER)
    with tenant(going.schools[URN]):
        dee = Pupil.objects.latest("id")
        Pupil.objects.filter(pk=dee.pk).update(on_roll_to=NOW.date())
    file(going, [ANA, DEE], LATER + timedelta(minutes=1))
    going.send(LATER + timedelta(minutes=1))
    assert values(going) == {"ana@example.org": 1}


def test_what_a_file_opens_waits_and_the_word_that_lifts_covers(city: City) -> None:
    silent = adult("P2", "Dee Marsh", EMAIL="dee@example.org", RESTRICTION="")
    city.school(URN, [ANA, silent])
    city.open()
    city.send()
    # A later file says that there is no restriction.
    file(city, [ANA, DEE])
    city.send(LATER)
    assert values(city) == {"ana@example.org": 1}
    attests(city, LATER, restrictions=True)
    city.send(LATER)
    assert values(city) == {"ana@example.org": 1, "dee@example.org": 1}


def test_the_word_for_the_whole_roll_covers_what_it_lifts(city: City) -> None:
    city.school(URN, [ANA, adult("P2", "Dee Marsh", EMAIL="dee@example.org", RESTRICTION="")], attests=False)
    city.open()
    attests(city, NOW, restrictions=True)
    city.send()
    assert values(city) == {"ana@example.org": 1, "dee@example.org": 1}


def test_a_lead_s_decision_on_one_adult_is_the_word_for_that_adult_only(going: City) -> None:
    from everyfamily.people.actions.decided.restrictions import review_restriction

    held = [adult(f"P{n}", f"Dee Marsh {n}", EMAIL=f"dee{n}@example.org", RESTRICTION="hold") for n in (2, 3)]
    file(going, [ANA, *held, adult("P4", "Bo Vale", EMAIL="bo@example.org")])
    review_restriction(
        going.schools[URN], link=link_of(going, "Dee Marsh 2"), decision="none", by=LEAD, now=LATER
    )
    going.send(LATER)
    assert values(going) == {"ana@example.org": 1, "dee2@example.org": 1}


def test_closing_never_waits_and_takes_nothing_of_the_word(city: City) -> None:
    from everyfamily.people.actions.decided.restrictions import review_restriction

    city.school(URN, [ANA, DEE])
    city.open()
    review_restriction(
        city.schools[URN], link=link_of(city, "Dee Marsh"), decision="do not send", by=LEAD, now=NOW
    )
    city.send()
    assert values(city) == {"ana@example.org": 1}
    # Opened again by the lead, it is their word about her.
    review_restriction(city.schools[URN], link=link_of(city, "Dee Marsh"), decision="none", by=LEAD, now=LATER)
    city.send(LATER)
    assert values(city) == {"ana@example.org": 1, "dee@example.org": 1}


def test_it_is_read_again_when_a_message_is_about_to_leave(city: City) -> None:
    """Planned and written down by the word, and then the child leaves and comes back before the worker sends."""
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending.deciding import decide_page
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Pupil

    city.school(URN, [ANA])
    city.open()
    school = city.schools[URN]
    assert begin_wave(city.mailing, school, NOW) == 1
    decide_page(city.look(school))
    with tenant(school):
        Pupil.objects.update(on_roll_to=NOW.date())
    file(city, [ANA])
    city.send(LATER)
    assert values(city) == {}
    attests(city, LATER)
    city.send(LATER)
    assert values(city) == {"ana@example.org": 1}
