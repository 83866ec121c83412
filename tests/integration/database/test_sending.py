"""Plan, send, fall back, hear back: by the real actions on the real server, with the recording carrier."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest

from everyfamily.core.accounting.coverage import Outcome, Reason
from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City, address, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]


def values(city: City) -> Counter[object]:
    """How many messages each contact value got."""
    return Counter(line["to"] or "\n".join(line["address"]) for line in city.outbox())  # type: ignore[arg-type]


def outcome(city: City, now: object = NOW) -> tuple[Outcome, Reason | None]:
    """The outcome of a city with one child."""
    total = city.coverage(now).total
    assert total.children == 1
    return next(iter(total.outcomes)), next(iter(total.reasons), None)


def test_both_adults_of_a_child_get_their_own_message(city: City) -> None:
    city.school(
        900001,
        [adult("P1", "Ana Ferris", EMAIL="ana@example.org"), adult("P1", "Ben Ferris", EMAIL="ben@example.org")],
    )
    city.open()
    city.send()
    assert values(city) == {"ana@example.org": 1, "ben@example.org": 1}


def test_one_inbox_of_two_adults_gets_one_message_and_both_count(city: City) -> None:
    shared = {"EMAIL": "both@example.org"}
    city.school(900001, [adult("P1", "Ana Ferris", **shared), adult("P1", "Ben Ferris", **shared)])
    city.open()
    city.send()
    city.hear([("both@example.org", "delivered")], NOW + timedelta(hours=1))
    city.send(NOW + timedelta(hours=1))
    assert values(city) == {"both@example.org": 1}
    assert city.coverage(NOW + timedelta(hours=1)).total.every_adult == 1


def test_the_same_inbox_at_two_schools_gets_one_message_and_a_late_bounce_reaches_both(city: City) -> None:
    row = adult("P1", "Ana Ferris", EMAIL="ana@example.org", HAS_CARE="no")
    for urn in (900001, 900002):
        city.school(urn, [row], order=["email"])
    city.open()
    city.send()
    assert values(city) == {"ana@example.org": 1}
    later = NOW + timedelta(hours=2)
    city.hear([("ana@example.org", "permanent-failure")], later)
    city.send(later)
    coverage = city.coverage(later)
    assert coverage.total.reasons == {Reason.NO_CONTACT: 2}
    assert values(city) == {"ana@example.org": 1}


def test_a_failed_email_leads_to_a_text_and_then_to_paper(city: City) -> None:
    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org", MOBILE="07700900123", **address(1))])
    city.open()
    city.send()
    city.hear([("ana@example.org", "permanent-failure")], NOW + timedelta(hours=1))
    city.send(NOW + timedelta(hours=1))
    city.hear([("+447700900123", "delivered")], NOW + timedelta(hours=2))
    city.send(NOW + timedelta(hours=2))
    assert [line["channel"] for line in sorted(city.outbox(), key=lambda line: str(line["at"]))] == [
        "email",
        "text",
        "post",
    ]
    assert outcome(city, NOW + timedelta(hours=2)) == (Outcome.ON_ITS_WAY, None)
    city.send(NOW + timedelta(days=15))
    assert outcome(city, NOW + timedelta(days=15)) == (Outcome.ACCEPTED, None)


def test_a_text_alone_tells_and_is_not_the_letter(city: City) -> None:
    city.school(900001, [adult("P1", "Ana Ferris", MOBILE="07700900123", **address(1))], paper_after_text=False)
    city.open()
    city.send()
    city.hear([("+447700900123", "delivered")], NOW + timedelta(minutes=5))
    city.send(NOW + timedelta(minutes=5))
    assert outcome(city) == (Outcome.TOLD_BY_TEXT, None)


def test_an_email_that_stays_quiet_for_72_hours_is_accepted_and_no_more(city: City) -> None:
    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    city.send()
    city.send(NOW + timedelta(hours=71))
    assert outcome(city) == (Outcome.ON_ITS_WAY, None)
    city.send(NOW + timedelta(hours=72))
    assert outcome(city) == (Outcome.ACCEPTED, None)


def test_a_late_receipt_changes_the_outcome(city: City) -> None:
    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    city.send()
    city.send(NOW + timedelta(hours=73))
    city.hear([("ana@example.org", "delivered")], NOW + timedelta(hours=80))
    city.send(NOW + timedelta(hours=80))
    assert outcome(city) == (Outcome.REACHED, None)


def test_a_receipt_twice_or_out_of_order_changes_nothing(city: City) -> None:
    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    city.send()
    at = NOW + timedelta(hours=1)
    assert city.hear([("ana@example.org", "delivered")], at) == 1
    assert city.hear([("ana@example.org", "delivered")], at) == 0
    assert city.hear([("ana@example.org", "permanent-failure")], at) == 0
    assert city.hear([("ana@example.org", "temporary-failure")], at) == 0
    city.send(at)
    assert outcome(city) == (Outcome.REACHED, None)


def test_post_that_comes_back_is_not_accepted_any_more(city: City) -> None:
    city.school(900001, [adult("P1", "Ana Ferris", HAS_CARE="no", **address(1))])
    city.open()
    city.send()
    city.send(NOW + timedelta(days=14))
    assert outcome(city) == (Outcome.ACCEPTED, None)
    letter = "Ana Ferris\n1 Lantern Row\nEastmere\nEM4 7QX"
    city.hear([(letter, "returned")], NOW + timedelta(days=16))
    city.send(NOW + timedelta(days=16))
    assert outcome(city) == (Outcome.NOT_REACHED, Reason.RETURNED)


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"RESTRICTION": "do not send"}, Reason.NOBODY_ENTITLED),
        ({"RESTRICTION": "hold"}, Reason.UNDECIDED),
        ({"RESTRICTION": ""}, Reason.UNDECIDED),
        ({"OBJECTS": "yes"}, Reason.OBJECTED),
        ({"PARENTAL_RESPONSIBILITY": "no", "HAS_CARE": "no"}, Reason.NOBODY_ENTITLED),
        ({"PARENTAL_RESPONSIBILITY": "unknown", "HAS_CARE": "unknown"}, Reason.UNDECIDED),
    ],
)
def test_who_may_not_have_it_gets_nothing_and_the_child_has_a_reason(
    city: City, columns: dict[str, str], reason: Reason
) -> None:
    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org") | columns])
    city.open()
    city.send()
    assert city.outbox() == []
    assert outcome(city) == (Outcome.NOT_REACHED, reason)


def test_an_adult_kept_from_one_child_of_two_waits_for_a_person(city: City) -> None:
    city.school(
        900001,
        [
            adult("P1", "Ana Ferris", EMAIL="ana@example.org"),
            adult("P2", "Ana Ferris", EMAIL="ana@example.org", RESTRICTION="do not send"),
        ],
    )
    city.open()
    city.send()
    assert city.outbox() == []
    assert city.coverage(NOW).total.reasons == {Reason.UNDECIDED: 2}


def test_a_restriction_that_comes_after_planning_stops_the_next_message(city: City) -> None:
    first = adult("P1", "Ana Ferris", EMAIL="ana@example.org", MOBILE="07700900123")
    city.school(900001, [first])
    city.open()
    city.send()
    city.import_rows(900001, [first | {"RESTRICTION": "hold"}])
    city.hear([("ana@example.org", "permanent-failure")], NOW + timedelta(hours=1))
    city.send(NOW + timedelta(hours=1))
    assert values(city) == {"ana@example.org": 1}


def test_a_school_that_has_not_attested_holds(city: City) -> None:
    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")], attests=False)
    city.open()
    city.send()
    assert city.outbox() == []
    assert outcome(city) == (Outcome.NOT_REACHED, Reason.SCHOOL_HELD)


def test_a_refused_call_is_repeated_an_hour_later_and_sent_once(
    city: City, settings_of: dict[str, float]
) -> None:
    settings_of["refuse"] = 1.0
    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    city.send()
    assert city.outbox() == []
    city.send(NOW + timedelta(minutes=59))
    assert city.outbox() == []
    city.send(NOW + timedelta(hours=1))
    assert values(city) == {"ana@example.org": 1}


def test_an_unanswered_call_is_unknown_is_never_repeated_and_the_next_way_follows_after_the_wait(
    city: City, settings_of: dict[str, float]
) -> None:
    settings_of["silent"] = 1.0
    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org", HAS_CARE="no")])
    city.open()
    city.send()
    assert outcome(city) == (Outcome.ON_ITS_WAY, None)
    city.send(NOW + timedelta(hours=72))
    assert outcome(city) == (Outcome.NOT_REACHED, Reason.UNKNOWN)
    assert values(city) == {"ana@example.org": 1}


def test_a_paused_mailing_sends_nothing_more(city: City) -> None:
    from everyfamily.mailings.actions.sending.sending import Sender, send_created
    from everyfamily.mailings.models import Mailing

    city.school(900001, [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org") for n in range(5)])
    city.open()
    Mailing.objects.update(state="paused", paused_reason="a test")
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending.deciding import decide_page
    from everyfamily.mailings.installation.carriers import carriers
    from everyfamily.mailings.messages.bodies import Bodies
    from everyfamily.people.queries import school_by_urn
    from tests.factories.city import sealed_letter

    school = school_by_urn(900001)
    begin_wave(city.mailing, school.id, NOW)
    decide_page(city.look(school.id, NOW))
    from everyfamily.letters.files.record import letter_of

    bodies = Bodies(letter_of(sealed_letter()[0].record), school)
    assert send_created(city.look(school.id, NOW), bodies, Sender(carriers(), "test")).called == 0
    assert city.outbox() == []


def break_the_carrier(monkeypatch: pytest.MonkeyPatch, problem: Exception) -> None:
    from everyfamily_demo.recording import RecordingChannel

    def fail(*_: object) -> None:
        raise problem

    monkeypatch.setattr(RecordingChannel, "submit", fail)


def look(city: City) -> None:
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.edges.tasks import look_at_school

    begin_wave(city.mailing, city.schools[900001], NOW)
    look_at_school(mailing_id=city.mailing, school_id=city.schools[900001])


def test_a_broken_carrier_pauses_the_mailing_and_everything_is_sent_when_a_person_lets_it_go_on(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.channels.errors import CarrierBroken
    from everyfamily.mailings.actions.sending.pausing import resume_mailing
    from everyfamily.mailings.models import Mailing

    city.school(900001, [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org") for n in range(5)])
    city.open()
    with monkeypatch.context() as broken:
        break_the_carrier(broken, CarrierBroken("The account is closed.", "Ask the provider."))
        look(city)
    assert Mailing.objects.get().state == "paused"
    assert city.outbox() == []
    resume_mailing(city.mailing, by=Actor.typed("test"), now=NOW)
    city.send()
    assert values(city) == {f"ana{n}@example.org": 1 for n in range(5)}


def test_a_fault_of_ours_in_a_call_leaves_it_unknown_and_pauses(
    city: City, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from everyfamily.mailings.models import LedgerEntry, Mailing

    city.school(900001, [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org") for n in range(3)])
    city.open()
    with monkeypatch.context() as broken:
        break_the_carrier(broken, ZeroDivisionError("ana0@example.org"))
        look(city)
    assert Mailing.objects.get().state == "paused"
    assert Counter(LedgerEntry.objects.values_list("status", flat=True)) == {"unknown": 1, "created": 2}
    assert "example.org" not in caplog.text


def test_a_withdrawn_letter_is_not_sent_any_more(city: City) -> None:
    from everyfamily.letters.actions.sealed_letters import withdraw_letter
    from everyfamily.mailings.edges.tasks import look_at_school
    from tests.factories.city import REFERENCE

    row = adult("P1", "Ana Ferris", EMAIL="ana@example.org", MOBILE="07700900123")
    school = city.school(900001, [row])
    city.open()
    city.send()
    withdraw_letter(REFERENCE, by=Actor.typed("test"), now=NOW)
    later = NOW + timedelta(hours=1)
    city.hear([("ana@example.org", "permanent-failure")], later)
    look_at_school(mailing_id=city.mailing, school_id=school)
    assert values(city) == {"ana@example.org": 1}


@pytest.mark.parametrize("families", [9, 10], ids=["three whole pages", "one more"])
def test_a_school_of_more_than_one_page_is_sent_whole(
    city: City, monkeypatch: pytest.MonkeyPatch, families: int
) -> None:
    from everyfamily.mailings.actions.sending import deciding, sending
    from everyfamily.mailings.edges import tasks

    for place in (deciding, sending, tasks):
        monkeypatch.setattr(place, "PAGE", 3)
    rows = [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org") for n in range(families)]
    city.school(900001, rows)
    city.open()
    city.send()
    assert len(values(city)) == families
    assert set(values(city).values()) == {1}


def test_a_page_of_which_nothing_may_be_sent_is_not_the_last_one(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The values of two families were purged, or their children left, after they were written down."""
    from everyfamily.letters.files.record import letter_of
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending import sending
    from everyfamily.mailings.actions.sending.deciding import decide_page
    from everyfamily.mailings.installation.carriers import carriers
    from everyfamily.mailings.messages.bodies import Bodies
    from everyfamily.mailings.models import Attempt
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import ContactPoint
    from everyfamily.people.queries import school_by_urn
    from tests.factories.city import sealed_letter

    monkeypatch.setattr(sending, "PAGE", 2)
    rows = [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org") for n in range(5)]
    school = city.school(900001, rows, order=["email"])
    city.open()
    begin_wave(city.mailing, school, NOW)
    decide_page(city.look(school, NOW))
    with tenant(school):
        first = list(Attempt.objects.order_by("id").values_list("contact_point_id", flat=True)[:2])
        ContactPoint.objects.filter(pk__in=first).update(value=None)
    bodies = Bodies(letter_of(sealed_letter()[0].record), school_by_urn(900001))
    sent = sending.send_created(city.look(school, NOW), bodies, sending.Sender(carriers(), "test"))
    assert (sent.called, sent.is_done) == (3, True)
    assert len(city.outbox()) == 3


def test_pupil_post_goes_once_for_each_child_and_only_with_an_adult_who_has_care(city: City) -> None:
    city.school(
        900001,
        [
            adult("P1", "Ana Ferris"),
            adult("P1", "Ben Ferris"),
            adult("P2", "Col Marsh", HAS_CARE="no"),
        ],
    )
    city.open()
    city.send()
    assert [(line["channel"], line["to"], line["group"]) for line in city.outbox()] == [
        ("pupil post", "P1", "7B")
    ]
    assert city.coverage(NOW).total.reasons == {Reason.NO_CONTACT: 1}


def test_a_restriction_that_comes_between_decision_and_call_stops_the_call_and_becomes_a_task(city: City) -> None:
    """A worker died, or the mailing was paused, between writing the attempt and calling the carrier."""
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending.deciding import decide_page
    from everyfamily.mailings.models import PersonTask
    from everyfamily.people.database.tenancy import tenant

    row = adult("P1", "Ana Ferris", EMAIL="ana@example.org")
    school = city.school(900001, [row])
    city.open()
    begin_wave(city.mailing, school, NOW)
    decide_page(city.look(school, NOW))
    later = NOW + timedelta(days=2)
    city.import_rows(900001, [row | {"RESTRICTION": "hold"}], later)
    city.send(later)
    assert city.outbox() == []
    assert outcome(city, later) == (Outcome.NOT_REACHED, Reason.UNDECIDED)
    with tenant(school):
        assert PersonTask.objects.filter(kind="restriction", closed_at=None).count() == 1


def test_a_carrier_is_not_called_for_somebody_who_was_restricted_after_the_decision(city: City) -> None:
    from everyfamily.letters.files.record import letter_of
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending.deciding import decide_page
    from everyfamily.mailings.actions.sending.sending import Sender, send_created
    from everyfamily.mailings.installation.carriers import carriers
    from everyfamily.mailings.messages.bodies import Bodies
    from everyfamily.people.queries import school_by_urn
    from tests.factories.city import sealed_letter

    row = adult("P1", "Ana Ferris", EMAIL="ana@example.org")
    school = city.school(900001, [row])
    city.open()
    begin_wave(city.mailing, school, NOW)
    decide_page(city.look(school, NOW))
    city.import_rows(900001, [row | {"RESTRICTION": "do not send"}])
    bodies = Bodies(letter_of(sealed_letter()[0].record), school_by_urn(900001))
    assert send_created(city.look(school, NOW), bodies, Sender(carriers(), "test")).called == 0


def test_an_inbox_shared_with_somebody_who_is_kept_away_is_not_used(city: City) -> None:
    city.school(
        900001,
        [
            adult("P1", "Ana Ferris", EMAIL="both@example.org", MOBILE="07700900123"),
            adult("P1", "Ben Ferris", EMAIL="both@example.org", RELATIONSHIP="father", RESTRICTION="do not send"),
        ],
    )
    city.open()
    city.send()
    assert values(city) == {"+447700900123": 1}


def test_a_held_school_goes_on_once_its_lead_attests(city: City) -> None:
    from everyfamily.people.actions.schools.schools import attest_school

    school = city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")], attests=False)
    city.open()
    city.send()
    assert city.outbox() == []
    later = NOW + timedelta(days=1)
    attest_school(school, by=Actor.typed("lead"), now=later - timedelta(hours=1))
    city.send(later)
    assert values(city) == {"ana@example.org": 1}


def test_a_child_who_joins_after_the_wave_is_written_to(city: City) -> None:
    first = adult("P1", "Ana Ferris", EMAIL="ana@example.org")
    city.school(900001, [first])
    city.open()
    city.send()
    later = NOW + timedelta(days=2)
    city.import_rows(900001, [first, adult("P2", "Dee Marsh", EMAIL="dee@example.org")], later)
    city.attest(900001, later)
    city.send(later)
    assert values(city) == {"ana@example.org": 1, "dee@example.org": 1}


def test_a_file_that_is_held_has_no_school_planned_again(city: City) -> None:
    from everyfamily.mailings.queries.mailings import schools_with_work

    school = city.school(900001, [adult(f"P{number}", "Ana Ferris") for number in range(5)])
    city.open()
    city.send()
    later = NOW + timedelta(hours=1)
    assert city.import_rows(900001, [adult(f"Q{number}", "Bo Marsh") for number in range(5)], later).held
    assert schools_with_work(city.mailing, later) == []
    assert not city.import_rows(900001, [adult(f"P{number}", "Ana Ferris") for number in range(5)], later).held
    assert schools_with_work(city.mailing, later) == [school]


def test_a_route_past_its_date_pauses_a_late_wave(city: City) -> None:
    from everyfamily.mailings.models import Mailing
    from everyfamily.people.actions.schools.schools import attest_school

    school = city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    late = NOW + timedelta(days=200)
    attest_school(school, by=Actor.typed("lead"), now=late - timedelta(hours=1))
    look_late(city, late)
    assert city.outbox() == []
    mailing = Mailing.objects.get()
    assert mailing.state == "paused"
    assert "was rung too long ago" in mailing.paused_reason


def look_late(city: City, now: datetime) -> None:
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.edges.tasks import look_at_school
    from everyfamily_demo.clock import set_simulated

    set_simulated(now)
    begin_wave(city.mailing, city.schools[900001], now)
    look_at_school(mailing_id=city.mailing, school_id=city.schools[900001])


def test_before_its_wave_a_child_is_on_its_way(city: City) -> None:
    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    assert outcome(city) == (Outcome.ON_ITS_WAY, None)


def test_a_school_whose_roll_has_not_come_in_is_counted(city: City) -> None:
    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.school(900002)
    city.open()
    city.send()
    total = city.coverage(NOW).total
    assert (total.children, total.reasons) == (31, {Reason.NO_ROLL: 30})


def test_what_arrived_stays_reached_when_the_adult_then_asks_for_no_more(city: City) -> None:
    row = adult("P1", "Ana Ferris", EMAIL="ana@example.org")
    city.school(900001, [row])
    city.open()
    city.send()
    later = NOW + timedelta(hours=1)
    city.hear([("ana@example.org", "delivered")], later)
    city.send(later)
    city.import_rows(900001, [row | {"OBJECTS": "yes"}], later)
    city.send(later)
    assert outcome(city, later) == (Outcome.REACHED, None)


def test_every_adult_counts_only_where_each_has_it(city: City) -> None:
    """One of the two waits for a person because of a brother or sister."""
    city.school(
        900001,
        [
            adult("P1", "Ana Ferris", EMAIL="ana@example.org"),
            adult("P1", "Ben Ferris", EMAIL="ben@example.org"),
            adult("P2", "Ben Ferris", EMAIL="ben@example.org", RESTRICTION="hold"),
        ],
    )
    city.open()
    city.send()
    later = NOW + timedelta(hours=1)
    city.hear([("ana@example.org", "delivered")], later)
    city.send(later)
    assert city.coverage(later).total.every_adult == 0


def test_a_receipt_whose_mirroring_was_cut_off_is_caught_up(city: City) -> None:
    from everyfamily.core.sending.fallback import AttemptStatus
    from everyfamily.mailings.actions.sending.mirroring import hear
    from everyfamily.mailings.models import LedgerEntry

    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org", HAS_CARE="no")])
    city.open()
    city.send()
    later = NOW + timedelta(hours=80)
    city.send(later)
    assert outcome(city, later) == (Outcome.ACCEPTED, None)
    # The ledger was written, and the process died before the schools' own rows followed.
    hear([(LedgerEntry.objects.get().pk, AttemptStatus.PERMANENT_FAILURE, "gone", later)], later)
    city.send(later)
    assert outcome(city, later) == (Outcome.NOT_REACHED, Reason.NO_CONTACT)


def test_a_letter_that_would_look_different_than_it_was_sealed_is_not_sent(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.letters.files import artefacts, proof
    from everyfamily.mailings.actions.guards import sendable
    from everyfamily.mailings.models import Mailing

    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    monkeypatch.setattr(proof, "render_artefacts", artefacts.render_artefacts)
    sendable._rendered_differently.cache_clear()
    page = artefacts.render_web_page
    monkeypatch.setattr(artefacts, "render_web_page", lambda *words: page(*words).replace("999", "998"))
    look(city)
    sendable._rendered_differently.cache_clear()
    assert city.outbox() == []
    assert Mailing.objects.get().state == "paused"


def test_where_real_mail_goes_out_no_text_is_said_to_have_been_sent(city: City) -> None:
    """There is no carrier for texts yet, and the recording one would play "delivered"."""
    from django.conf import settings

    from everyfamily.mailings.installation.carriers import carriers, close_carriers
    from everyfamily.mailings.models import LedgerEntry

    city.school(900001, [adult("P1", "Ana Ferris", MOBILE="07700900123", **address(1))])
    city.open()
    close_carriers()
    settings.EVERYFAMILY_CHANNELS = "smtp"
    try:
        assert "text" not in carriers()
        city.send()
    finally:
        close_carriers()
        settings.EVERYFAMILY_CHANNELS = "recording"
    assert list(LedgerEntry.objects.values_list("channel", "status")) == [("post", "accepted")]
