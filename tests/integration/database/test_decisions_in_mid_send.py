"""What a person decides while a worker is in the middle of a page of messages, or after a child has gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from everyfamily.channels.base import Carrier, Message, Submission
from everyfamily.core.actors import Actor
from everyfamily.core.sending.fallback import Channel
from tests.factories.city import NOW, City, address, adult, sealed_letter

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
LATER = NOW + timedelta(hours=2)
NAMES = ("Ana Ferris", "Ben Marsh", "Cia Quill")


class Interrupted:
    """A carrier during whose first call something happens."""

    def __init__(self, carrier: Carrier, happens: Callable[[], object]) -> None:
        self._carrier = carrier
        self._happens = [happens]

    def __getattr__(self, name: str) -> object:
        return getattr(self._carrier, name)

    def batch_of(self, channel: Channel) -> int:
        return 1

    def send(self, messages: Sequence[Message], now: object) -> Sequence[Submission]:
        while self._happens:
            self._happens.pop()()
        return self._carrier.send(messages, now)  # type: ignore[arg-type]


def send_while(city: City, channel: Channel, happens: Callable[[], object]) -> int:
    """Begin the wave, decide, and call the carrier, with something happening during its first call."""
    from everyfamily.letters.files.record import letter_of
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending.deciding import decide_page
    from everyfamily.mailings.actions.sending.sending import Sender, send_created
    from everyfamily.mailings.installation.carriers import carriers
    from everyfamily.mailings.messages.bodies import Bodies
    from everyfamily.people.queries import school_by_urn

    school = city.schools[URN]
    begin_wave(city.mailing, school, NOW)
    decide_page(city.look(school, NOW))
    sender = Sender({channel: Interrupted(carriers()[channel], happens)}, "test")  # type: ignore[dict-item]
    bodies = Bodies(letter_of(sealed_letter()[0].record), school_by_urn(URN))
    return send_created(city.look(school, NOW), bodies, sender).called


def rows_of(city: City, model: str) -> list[object]:
    from everyfamily.mailings import models
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[URN]):
        return list(getattr(models, model).objects.order_by("id"))


def link_of(city: City, number: int) -> int:
    """The number of a link, in the order of the file."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    with tenant(city.schools[URN]):
        return list(Care.objects.order_by("id").values_list("id", flat=True))[number]


def decide(city: City, number: int, decision: str, by: str = "Una Marsh") -> None:
    from everyfamily.people.actions.decided.restrictions import review_restriction

    review_restriction(
        city.schools[URN], link=link_of(city, number), decision=decision, by=Actor.typed(by), now=LATER
    )


WAYS = [
    (Channel.EMAIL, lambda n: {"EMAIL": f"adult{n}@example.org"}),
    (Channel.TEXT, lambda n: {"MOBILE": f"07700 90010{n}"}),
    (Channel.POST, address),
    (Channel.PUPIL_POST, lambda n: {}),
]


@pytest.mark.parametrize(("channel", "way"), WAYS, ids=[channel.value for channel, _ in WAYS])
def test_a_decision_takes_hold_before_the_next_call_of_the_page(
    city: City, channel: Channel, way: Callable[[int], dict[str, str]]
) -> None:
    """All three attempts were read and opened together; the second adult is restricted during the first call."""
    rows = [adult(f"P{n}", name, CLASS=f"7{n}", **way(n)) for n, name in enumerate(NAMES)]
    city.school(URN, rows, order=[channel.value])
    city.open()
    assert send_while(city, channel, lambda: decide(city, 1, "do not send")) == 2
    assert len(city.outbox()) == 2
    city.send(LATER)
    assert len(city.outbox()) == 2
    assert [delivery.state for delivery in rows_of(city, "Delivery")][1] == "stopped"  # type: ignore[attr-defined]


def test_what_a_carrier_is_being_given_stays_on_record_when_another_worker_stops_the_family(city: City) -> None:
    from everyfamily.mailings.actions.planning.planning import plan_again

    school = city.school(URN, [adult("P1", NAMES[0], EMAIL="ana@example.org")], order=["email"])
    city.open()

    def held_and_planned_again() -> None:
        decide(city, 0, "hold")
        plan_again(city.look(school, NOW))

    assert send_while(city, Channel.EMAIL, held_and_planned_again) == 1
    assert [(a.status, a.channel) for a in rows_of(city, "Attempt")] == [("accepted", "email")]  # type: ignore[attr-defined]
    assert [delivery.state for delivery in rows_of(city, "Delivery")] == ["stopped"]  # type: ignore[attr-defined]
    decide(city, 0, "none")
    city.send(LATER)
    assert len(city.outbox()) == 1
    city.hear([("ana@example.org", "delivered")], LATER)
    city.send(LATER)
    assert [delivery.state for delivery in rows_of(city, "Delivery")] == ["reached"]  # type: ignore[attr-defined]


def leaves(city: City, own_id: str) -> None:
    from everyfamily.people.actions.keeping.leavers import confirm_leavers, pupil_by_own_id

    school = city.schools[URN]
    pupil = pupil_by_own_id(school, own_id, now=LATER)
    confirm_leavers(school, pupils=[pupil], by=Actor.typed("office"), on=LATER.date(), now=LATER)


def dies(city: City, own_id: str) -> None:
    from everyfamily.people.actions.keeping.leavers import pupil_by_own_id, record_death

    school = city.schools[URN]
    record_death(school, pupil=pupil_by_own_id(school, own_id, now=LATER), by=Actor.typed("office"), now=LATER)


@pytest.mark.parametrize("goes", [leaves, dies])
@pytest.mark.parametrize("restriction", ["hold", "do not send"])
def test_no_child_takes_a_restriction_along(
    city: City, goes: Callable[[City, str], None], restriction: str
) -> None:
    """The office says that a child is gone, and nothing about the adult: a named person does that."""
    from everyfamily.people.actions.decided.restrictions import LinksShown, links_to_review
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    ana = {"EMAIL": "ana@example.org"}
    both = [adult("P1", NAMES[0], RESTRICTION=restriction, **ana), adult("P2", NAMES[0], **ana)]
    school = city.school(URN, both, order=["pupil post"])
    city.open()
    city.send()
    goes(city, "P1")
    city.send(LATER)
    assert city.outbox() == []
    [task] = rows_of(city, "PersonTask")
    assert (task.kind, task.closed_at, task.owner) == ("restriction", None, "Designated safeguarding lead")  # type: ignore[attr-defined]
    [link] = links_to_review(school, now=LATER, shown=LinksShown.CLOSED)
    assert link.restriction == restriction
    with tenant(school):
        assert Care.objects.get(pk=link.link).restriction == restriction
    decide(city, 0, "none")
    city.send(LATER)
    assert len(city.outbox()) == 1


def test_a_link_that_is_held_for_more_than_silence_is_opened_by_a_named_person(city: City) -> None:
    from everyfamily.people.actions.decided.restrictions import ReviewerNotNamed

    rows = [
        adult("P1", NAMES[0], RESTRICTION="perhaps"),
        adult("P2", NAMES[1], RESTRICTION=""),
        adult("P3", NAMES[2], RELATIONSHIP="foster carer"),
        adult("P3", "Dee Osei"),
    ]
    city.school(URN, rows)
    for held in (0, 3):
        for role in ("office", "School Admin", "Designated lead"):
            with pytest.raises(ReviewerNotNamed):
                decide(city, held, "none", by=role)
        decide(city, held, "none")
    decide(city, 1, "none", by="office")


def test_the_leads_word_for_the_whole_roll_is_on_record_for_each_link(city: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.actions.attesting import attest
    from everyfamily.people.database.tenancy import tenant

    silent = [adult("P1", name, RESTRICTION="") for name in NAMES]
    school = city.school(URN, [*silent, adult("P2", "Dee Osei", RESTRICTION="hold")])
    lead = Actor.typed("Una Marsh")
    assert attest(school, restrictions=True, parents=False, by=lead, now=LATER).lifted == 3
    with tenant(school):
        events = AuditEvent.objects.filter(action="restriction", subject_type="care", at=LATER)
        assert {int(event.subject_id) for event in events} == set(_first_three(school))
        assert {(e.actor, e.detail["from"], e.detail["to"], e.detail["reason"]) for e in events} == {
            ("Una Marsh", "unknown", "none", "attested")
        }


def _first_three(school: int) -> list[int]:
    from everyfamily.people.models import Care

    return list(Care.objects.filter(school_id=school).order_by("id").values_list("id", flat=True))[:3]


def test_a_school_that_must_hold_again_has_an_open_task_again(city: City) -> None:
    from everyfamily.people.actions.keeping.key_destruction import destroy_school_key
    from everyfamily.people.actions.schools.schools import attest_school

    school = city.school(URN, [adult("P1", NAMES[0], EMAIL="ana@example.org")], attests=False)
    city.open()
    city.send()
    attest_school(school, by=Actor.typed("lead"), now=NOW)
    city.send()
    assert [(t.kind, t.closed_by) for t in rows_of(city, "PersonTask")] == [("attestation", "attested")]  # type: ignore[attr-defined]
    destroy_school_key(school, by=Actor.typed("Una Marsh"), agreed_by=Actor.typed("Pat Example"), now=LATER)
    city.send(LATER)
    [task] = rows_of(city, "PersonTask")
    assert (task.kind, task.closed_at, task.closed_by) == ("attestation", None, None)  # type: ignore[attr-defined]
    assert (task.opened_at, task.due_on, bool(task.owner)) == (LATER, LATER.date(), True)  # type: ignore[attr-defined]


def command(*words: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, [*words, "--school", str(URN)])


def test_a_death_of_the_wrong_child_is_taken_back_by_a_named_person_and_the_next_roll_fills_in(
    city: City,
) -> None:
    rows = [adult("P1", NAMES[0], EMAIL="ana@example.org"), adult("P2", NAMES[1])]
    city.school(URN, rows, order=["email"])
    city.open()
    dies(city, "P1")
    city.send()
    assert city.outbox() == []
    assert "EF247" in command("died", "--mistake", "--pupil", "P2", "--by", "Una Marsh").output
    assert "EF242" in command("died", "--mistake", "--pupil", "P1", "--by", "office").output
    assert command("died", "--mistake", "--pupil", "P1", "--by", "Una Marsh").exit_code == 0
    city.import_rows(URN, rows, LATER)
    city.send(LATER)
    assert [line["to"] for line in city.outbox()] == ["ana@example.org"]


@pytest.mark.parametrize("by", ["", "  ", "x" * 81, "Una\x1b[2JMarsh"])
def test_nobody_decides_without_a_name_that_the_trail_can_keep(city: City, by: str) -> None:
    city.school(URN, [adult("P1", NAMES[0], RESTRICTION="")], attests=False)
    for words in (
        ("attest", "--restrictions-checked"),
        ("keys", "destroy", "--yes", "--agreed-by", "Pat Example"),
    ):
        refused = command(*words, "--by", by)
        assert (refused.exit_code, "1 to 80 characters" in refused.output) == (2, True)
