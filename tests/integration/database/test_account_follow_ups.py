"""After a wrong letter: whom the correction's account is about, and how the replacement's counts both letters."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest

from everyfamily.core.accounting.coverage import Coverage, Outcome, Reason
from everyfamily.core.actors import Actor
from tests.factories.city import NOW, REFERENCE, City, adult, sealed_letter
from tests.factories.kept import kept_city

pytestmark = [pytest.mark.database, pytest.mark.slow]

HOUR = timedelta(hours=1)
LATER = NOW + timedelta(days=2, hours=1)
ONE, TWO = 900001, 900002


def follow(city: City, kind: Literal["correction", "replacement"], reference: str, *, from_year: int = 0) -> City:
    """The city as seen from a mailing that follows."""
    from everyfamily.letters.actions.sealed_letters import record_sealed_letter
    from everyfamily.mailings.actions.planning.opening import Follows, open_mailing

    seal, artefacts, key = sealed_letter(reference, from_year=from_year)
    record_sealed_letter(seal, artefacts, sealing_key=key, by=Actor.typed("test"), now=LATER)
    opened = open_mailing(
        reference=reference,
        term="spring term 2027",
        waves=dict.fromkeys(city.schools.values(), (1, LATER)),
        closes_at=LATER + timedelta(days=42),
        reply_mailbox="letters@eastmere.example",
        reply_owner="Family letters team",
        by=Actor.typed("test"),
        now=LATER,
        follows=Follows(city.mailing, kind),
    )
    return replace(city, mailing=opened.id)


def total(city: City, now: object = LATER) -> Coverage:
    whole: Coverage = city.coverage(now).total
    return whole


def email(pupil: str, name: str, **more: str) -> dict[str, str]:
    return adult(pupil, f"{name.title()} Ferris", EMAIL=f"{name}@example.org", **more)


@kept_city
def wrong(city: City) -> None:
    """At the first school two children's adults had the wrong letter and one's did not; the second had not begun."""
    from everyfamily.mailings.actions.ending.withdrawing import withdraw
    from everyfamily.mailings.models import MailingSchool
    from everyfamily.people.actions.schools.schools import attest_school

    city.school(
        ONE, [email("P1", "ana"), email("P2", "bea"), email("P3", "cai"), email("P3", "dan")], order=["email"]
    )
    city.school(TWO, [email("Q1", "eve"), email("Q2", "fay")], order=["email"])
    city.open()
    MailingSchool.objects.filter(school_id=city.schools[TWO]).update(wave_at=NOW + timedelta(days=9))
    city.send()
    city.hear([("ana@example.org", "delivered"), ("dan@example.org", "permanent-failure")], NOW + HOUR)
    city.hear([("bea@example.org", "permanent-failure")], NOW + HOUR)
    city.send(NOW + HOUR)
    withdraw(REFERENCE, why="the number is dead", by=Actor.typed("Pat Example"), now=NOW + 2 * HOUR)
    for school in city.schools.values():
        attest_school(school, by=Actor.typed("lead"), now=LATER)


def test_the_withdrawn_letter_keeps_what_became_of_it(wrong: City) -> None:
    whole = total(wrong)
    assert whole.outcomes == {Outcome.REACHED: 1, Outcome.ON_ITS_WAY: 1, Outcome.NOT_REACHED: 3}
    assert whole.reasons == {Reason.WITHDRAWN: 2, Reason.NO_CONTACT: 1}


def test_a_correction_is_accounted_for_among_the_children_of_those_who_had_the_wrong_letter(wrong: City) -> None:
    correction = follow(wrong, "correction", "ES-2703-C0R2")
    assert total(correction).outcomes == {Outcome.ON_ITS_WAY: 2}, "before its wave"
    correction.send(LATER)
    assert total(correction).outcomes == {Outcome.ON_ITS_WAY: 2}
    assert [part.urn for part in correction.coverage(LATER).schools] == [ONE], "no roll is missing at the other"
    correction.hear([("ana@example.org", "delivered")], LATER + HOUR)
    correction.send(LATER + HOUR)
    assert total(correction, LATER + HOUR).outcomes == {Outcome.REACHED: 1, Outcome.ON_ITS_WAY: 1}


def test_a_replacement_counts_every_child_by_either_letter(wrong: City) -> None:
    correction = follow(wrong, "correction", "ES-2703-C0R2")
    whole = follow(wrong, "replacement", "ES-2703-N3W5")
    assert total(whole).outcomes == {Outcome.ON_ITS_WAY: 5}, "each adult waits for one of the two"
    whole.send(LATER)
    # Among the first school's children, the two adults who had it wait for the correction; everybody belongs to one of
    # the two.
    assert Reason.NOBODY_ENTITLED not in total(whole).reasons
    correction.send(LATER)
    at = LATER + HOUR
    correction.hear([("ana@example.org", "delivered"), ("cai@example.org", "delivered")], at)
    whole.hear([("eve@example.org", "delivered")], at)
    correction.send(at)
    whole.send(at)
    counted = total(whole, at)
    assert counted.children == 5
    assert counted.outcomes[Outcome.REACHED] == 3
    assert counted.reasons == {Reason.NO_CONTACT: 1}, "whose only address is dead"
    assert total(correction, at).outcomes == {Outcome.REACHED: 2}


def test_the_list_of_families_of_a_correction_is_of_the_same_children(wrong: City) -> None:
    from everyfamily.reports.families import families_of

    correction = follow(wrong, "correction", "ES-2703-C0R2")
    correction.send(LATER)
    listed = list(families_of(correction.mailing, wrong.schools[ONE], LATER))
    assert [line.own_id for line in listed] == ["P1", "P3"]
    assert list(families_of(correction.mailing, wrong.schools[TWO], LATER)) == []
