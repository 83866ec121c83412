"""What a school's lead decides about people takes hold in the mailing that is open, at once and in the lead's name."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from everyfamily.core.accounting.coverage import Outcome, Reason
from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City, address, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

ANA = adult("P1", "Ana Ferris", EMAIL="ana@example.org")
BEN = adult("P1", "Ben Ferris", EMAIL="ben@example.org", RELATIONSHIP="father")
LATER = NOW + timedelta(days=2)
URN = 900001


def written_to(city: City) -> Counter[object]:
    """How many messages each contact value got."""
    return Counter(line["to"] or "\n".join(line["address"]) for line in city.outbox())  # type: ignore[arg-type]


def people_of(city: City, model: str, urn: int = URN, **which: object) -> list[object]:
    """Rows of a school's people, read inside its tenant."""
    from everyfamily.people import models
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[urn]):
        return list(getattr(models, model).objects.filter(**which).order_by("id"))


def tasks_of(city: City, **which: object) -> list[tuple[str, str | None]]:
    """Kind and closer of the mailing's tasks."""
    from everyfamily.mailings.models import PersonTask
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[URN]):
        return list(PersonTask.objects.filter(**which).values_list("kind", "closed_by").order_by("id"))


def links(city: City, urn: int = URN) -> dict[str, int]:
    """Every link's number by the adult's name."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault
    from everyfamily.people.models import Care

    with tenant(city.schools[urn]):
        vault = open_vault(city.schools[urn], now=NOW)
        return {
            vault.decrypt("parent", care.parent_id, bytes(care.parent.name)): care.pk
            for care in Care.objects.select_related("parent").exclude(parent__name=None)
        }


def adults(city: City, urn: int = URN) -> dict[str, int]:
    """Every adult's number by name."""
    by_link = {care.pk: care.parent_id for care in people_of(city, "Care", urn)}  # type: ignore[attr-defined]
    return {name: by_link[link] for name, link in links(city, urn).items()}


def decide(city: City, name: str, decision: str, by: str = "Una Marsh", now: object = LATER) -> str:
    from everyfamily.people.actions.decided.restrictions import review_restriction

    link = links(city)[name]
    return review_restriction(city.schools[URN], link=link, decision=decision, by=Actor.typed(by), now=now).was  # type: ignore[arg-type]


def command(*words: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, list(words))


def test_the_leads_word_lifts_silence_and_nothing_else(city: City) -> None:
    """Both adults of a family decided later still get the letter of the mailing that is open."""
    from everyfamily.people.actions.attesting import attest

    silent = {"RESTRICTION": ""}
    city.school(
        URN,
        [
            ANA | silent,
            BEN | silent,
            adult("P2", "Col Marsh", EMAIL="col@example.org", RESTRICTION="hold"),
            adult("P3", "Dee Quill", EMAIL="dee@example.org", RESTRICTION="perhaps"),
            adult("P4", "Eve Osei", EMAIL="eve@example.org", RESTRICTION="do not send"),
        ],
    )
    city.open()
    city.send()
    assert written_to(city) == {}
    school = city.schools[URN]
    lead = Actor.typed("Una Marsh")
    assert attest(school, restrictions=False, parents=False, by=lead, now=NOW).not_said == 2
    first = attest(school, restrictions=True, parents=False, by=lead, now=LATER)
    assert (first.lifted, first.not_said) == (2, 0)
    assert attest(school, restrictions=True, parents=False, by=lead, now=LATER).lifted == 0
    city.send(LATER)
    assert written_to(city) == {"ana@example.org": 1, "ben@example.org": 1}
    assert [care.restriction for care in people_of(city, "Care")] == [  # type: ignore[attr-defined]
        *("none", "none", "hold", "unknown", "do not send")
    ]
    assert Counter(tasks_of(city)) == {("restriction", "Una Marsh"): 2, ("restriction", None): 2}


def test_a_lead_attests_what_was_shown_or_nothing(city: City) -> None:
    """A page was read, a decision came, and the page is sent: not even the word that it is right is written."""
    from everyfamily.people.actions.attesting import RollChanged, attest
    from everyfamily.people.queries import decisions_of

    silent = {"RESTRICTION": "", "PARENTAL_RESPONSIBILITY": "", "HAS_CARE": ""}
    school = city.school(URN, [ANA | silent, BEN | {"RESTRICTION": "hold"}], attests=False)
    lead = Actor.typed("Una Marsh")
    shown = decisions_of(school)
    decide(city, "Ben Ferris", "do not send")
    before = decisions_of(school)
    with pytest.raises(RollChanged):
        attest(school, restrictions=True, parents=True, by=lead, now=LATER, seen=shown)
    assert people_of(city, "Attestation") == []
    assert [care.restriction for care in people_of(city, "Care")] == ["unknown", "do not send"]  # type: ignore[attr-defined]
    assert decisions_of(school) == before
    done = attest(school, restrictions=True, parents=True, by=lead, now=LATER, seen=before)
    assert (done.lifted, done.parents, done.not_said, done.parents_not_said) == (1, 1, 0, 0)
    assert decisions_of(school) == before + 1, "its mailings plan again, once"


def test_a_decision_to_send_lets_the_letter_go_and_closes_the_tasks_in_the_name_of_who_decided(
    city: City,
) -> None:
    city.school(URN, [ANA | {"RESTRICTION": "hold"}])
    city.open()
    city.send()
    assert tasks_of(city) == [("restriction", None)]
    assert decide(city, "Ana Ferris", "none") == "hold"
    city.send(LATER)
    assert written_to(city) == {"ana@example.org": 1}
    assert tasks_of(city) == [("restriction", "Una Marsh")]
    assert not people_of(city, "RollTask", kind="restriction", closed_at=None)


def test_a_task_opens_again_when_what_was_decided_is_unclear_again(city: City) -> None:
    city.school(URN, [ANA | {"RESTRICTION": "hold"}])
    city.open()
    city.send()
    decide(city, "Ana Ferris", "do not send")
    city.send(LATER)
    assert tasks_of(city) == [("restriction", "Una Marsh")]
    decide(city, "Ana Ferris", "hold", now=LATER + timedelta(days=1))
    city.send(LATER + timedelta(days=1))
    assert tasks_of(city) == [("restriction", None)]
    assert city.coverage(LATER + timedelta(days=1)).total.reasons == {Reason.UNDECIDED: 1}


def begin_and_decide(city: City) -> int:
    """Everything up to the carrier's call: a worker died here, or the mailing was paused for two days."""
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending.deciding import decide_page

    school = city.schools[URN]
    begin_wave(city.mailing, school, NOW)
    decide_page(city.look(school, NOW))
    return school


def call_carriers(city: City) -> int:
    """Only the call, without the planning that comes before it in a job."""
    from everyfamily.letters.files.record import letter_of
    from everyfamily.mailings.actions.sending.sending import Sender, send_created
    from everyfamily.mailings.installation.carriers import carriers
    from everyfamily.mailings.messages.bodies import Bodies
    from everyfamily.people.queries import school_by_urn
    from tests.factories.city import sealed_letter

    bodies = Bodies(letter_of(sealed_letter()[0].record), school_by_urn(URN))
    return send_created(city.look(city.schools[URN], LATER), bodies, Sender(carriers(), "test")).called


def restricts(city: City) -> None:
    decide(city, "Ana Ferris", "do not send")


def holds(city: City) -> None:
    decide(city, "Ana Ferris", "hold")


def objects(city: City) -> None:
    from everyfamily.people.actions.decided.objections import record_objection

    record_objection(city.schools[URN], adult=adults(city)["Ana Ferris"], by=Actor.typed("office"), now=LATER)


def leaves(city: City) -> None:
    from everyfamily.people.actions.keeping.leavers import confirm_leavers, pupil_by_own_id

    school = city.schools[URN]
    pupil = pupil_by_own_id(school, "P1", now=LATER)
    assert confirm_leavers(school, pupils=[pupil], by=Actor.typed("office"), on=LATER.date(), now=LATER) == 1


def dies(city: City) -> None:
    from everyfamily.people.actions.keeping.leavers import pupil_by_own_id, record_death

    school = city.schools[URN]
    record_death(school, pupil=pupil_by_own_id(school, "P1", now=LATER), by=Actor.typed("Una Marsh"), now=LATER)


def contact_dies(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import ContactPoint

    with tenant(city.schools[URN]):
        ContactPoint.objects.update(status="permanent-failure")


def partner_is_kept_away_from_the_shared_inbox(city: City) -> None:
    decide(city, "Ben Ferris", "do not send")


STOPS = [restricts, holds, objects, leaves, dies, contact_dies, partner_is_kept_away_from_the_shared_inbox]


@pytest.mark.parametrize("through_the_job", [True, False], ids=["in a job", "at the call"])
@pytest.mark.parametrize("happens", STOPS, ids=lambda stop: stop.__name__)
def test_what_becomes_known_between_decision_and_call_stops_the_call(
    city: City, happens: Callable[[City], None], through_the_job: bool
) -> None:
    rows = [ANA]
    if happens is partner_is_kept_away_from_the_shared_inbox:
        rows.append(BEN | {"EMAIL": "ana@example.org"})
    city.school(URN, rows, order=["email"])
    city.open()
    begin_and_decide(city)
    happens(city)
    if through_the_job:
        city.send(LATER)
    else:
        assert call_carriers(city) == 0
    assert written_to(city) == {}


def test_nothing_happened_between_decision_and_call_and_the_letter_goes(city: City) -> None:
    """The control of the test above."""
    city.school(URN, [ANA], order=["email"])
    city.open()
    begin_and_decide(city)
    assert call_carriers(city) == 1
    assert written_to(city) == {"ana@example.org": 1}


@pytest.mark.parametrize(
    ("happens", "closed_by"),
    [(objects, "office"), (dies, "Una Marsh"), (leaves, "roll"), (restricts, "Una Marsh")],
)
def test_what_settles_an_unclear_family_closes_its_task_in_that_persons_name(
    city: City, happens: Callable[[City], None], closed_by: str
) -> None:
    city.school(URN, [ANA | {"RESTRICTION": "hold"}, adult("P2", "Dee Marsh")])
    city.open()
    city.send()
    assert tasks_of(city) == [("restriction", None)]
    happens(city)
    city.send(LATER)
    assert tasks_of(city) == [("restriction", closed_by)]
    assert not people_of(city, "RollTask", kind="restriction", closed_at=None)


@pytest.mark.parametrize("happens", [leaves, dies])
@pytest.mark.parametrize("through_the_job", [True, False], ids=["in a job", "at the call"])
def test_paper_does_not_go_by_a_child_who_left_or_died_but_by_a_sibling(
    city: City, happens: Callable[[City], None], through_the_job: bool
) -> None:
    city.school(URN, [ANA, ANA | {"PUPIL_ID": "P2"}], order=["pupil post"])
    city.open()
    begin_and_decide(city)
    happens(city)
    if not through_the_job:
        assert call_carriers(city) == 0
    city.send(LATER)
    assert [line["to"] for line in city.outbox()] == ["P2"]


def test_an_objection_that_is_lifted_lets_the_letter_go_and_one_school_knows_nothing_of_anothers(
    city: City,
) -> None:
    from everyfamily.people.actions.decided.objections import lift_objection

    city.school(URN, [ANA])
    city.school(900002, [adult("P9", "Dee Marsh", EMAIL="dee@example.org")])
    city.open()
    objects(city)
    city.send()
    assert written_to(city) == {"dee@example.org": 1}
    assert city.coverage(NOW).total.reasons == {Reason.OBJECTED: 1}
    parent = adults(city)["Ana Ferris"]
    assert lift_objection(city.schools[URN], adult=parent, by=Actor.typed("office"), now=LATER)
    assert not lift_objection(city.schools[URN], adult=parent, by=Actor.typed("office"), now=LATER)
    city.send(LATER)
    assert written_to(city) == {"ana@example.org": 1, "dee@example.org": 1}


def test_two_decisions_of_one_moment_are_both_planned_for(city: City) -> None:
    """What a mailing has planned for is counted, not timed."""
    from everyfamily.mailings.queries.mailings import schools_with_work
    from everyfamily.people.actions.decided.objections import lift_objection, record_objection

    city.school(URN, [ANA])
    city.open()
    parent = adults(city)["Ana Ferris"]
    record_objection(city.schools[URN], adult=parent, by=Actor.typed("office"), now=NOW)
    city.send()
    assert schools_with_work(city.mailing, NOW) == []
    lift_objection(city.schools[URN], adult=parent, by=Actor.typed("office"), now=NOW)
    assert schools_with_work(city.mailing, NOW) == [city.schools[URN]]
    city.send()
    assert written_to(city) == {"ana@example.org": 1}


def test_leavers_are_proposed_confirmed_or_kept(city: City) -> None:
    from everyfamily.people.actions.keeping.leavers import (
        LeavingDayNotCome,
        PupilNotOnRoll,
        confirm_leavers,
        keep_pupils,
        proposed_leavers,
    )

    many = [adult(f"P{number}", f"Parent {'abcdefghij'[number]}") for number in range(10)]
    school = city.school(URN, many)
    city.import_rows(URN, many[2:], LATER)
    found = proposed_leavers(school, now=LATER)
    assert [(child.own_id, child.class_name) for child in found] == [("P0", "7B"), ("P1", "7B")]
    assert len(people_of(city, "RollTask", kind="leavers", closed_at=None)) == 1
    assert keep_pupils(school, pupils=[found[0].pupil], by=Actor.typed("office"), now=LATER) == 1
    with pytest.raises(LeavingDayNotCome):
        confirm_leavers(
            school, pupils=None, by=Actor.typed("office"), on=LATER.date() + timedelta(days=1), now=LATER
        )
    assert confirm_leavers(school, pupils=None, by=Actor.typed("office"), on=LATER.date(), now=LATER) == 1
    assert proposed_leavers(school, now=LATER) == []
    assert not people_of(city, "RollTask", kind="leavers", closed_at=None)
    with pytest.raises(PupilNotOnRoll):
        confirm_leavers(school, pupils=[found[1].pupil], by=Actor.typed("office"), on=LATER.date(), now=LATER)
    left = people_of(city, "Pupil", on_roll_to=LATER.date())
    assert [row.id_encrypted for row in left] == [None], "and its id is gone with it"  # type: ignore[attr-defined]
    assert len(people_of(city, "Parent", name=None)) == 1, "and its only adult's name"


@pytest.mark.parametrize(("in_file", "refused"), [(6, True), (7, False)])
def test_most_of_a_school_does_not_leave_by_one_word(city: City, in_file: int, refused: bool) -> None:
    many = [adult(f"P{number}", f"Parent {'abcdefghijklmn'[number]}") for number in range(14)]
    city.school(URN, many)
    city.import_rows(URN, many[:in_file], LATER)
    words = ("leavers", "confirm", "--school", str(URN), "--all", "--by", "office")
    said = command(*words)
    if refused:
        assert (said.exit_code, "EF249: 8 of 14 children" in said.output) == (2, True), said.output
        assert len(people_of(city, "Pupil", on_roll_to=None)) == 14
        said = command(*words, "--although-many")
    assert (said.exit_code, said.output) == (0, f"Left: {14 - in_file} children.\n")


def test_who_objects_is_asked_about_the_same_name_at_another_address(city: City) -> None:
    """Two adults of one name are two; to silence the wrong one would be a harm too."""
    elsewhere = adult("P2", "Ana Ferris", EMAIL="other@example.org")
    city.school(URN, [ANA, elsewhere, BEN])
    first = next(person.pk for person in people_of(city, "Parent"))  # type: ignore[attr-defined]
    said = command("objects", "--school", str(URN), "--pupil", "P1", "--adult", str(first), "--by", "office")
    assert said.exit_code == 0, said.output
    [line] = [line for line in said.output.splitlines() if "same name" in line]
    assert "beside child P2" in line
    other = said.output.rpartition("--adult ")[2].strip()
    again = command("objects", "--school", str(URN), "--pupil", "P2", "--adult", other, "--by", "office")
    assert "same name" not in again.output, "nobody of this name is left to ask about"


def test_a_child_who_died_stays_so_when_an_older_file_still_has_it(city: City) -> None:
    other = adult("P2", "Dee Marsh", EMAIL="dee@example.org")
    city.school(URN, [ANA, other])
    dies(city)
    city.import_rows(URN, [ANA, other], LATER + timedelta(days=1))
    city.open()
    city.send()
    assert written_to(city) == {"dee@example.org": 1}
    assert [row.died_known_by for row in people_of(city, "Pupil")] == ["Una Marsh", None]  # type: ignore[attr-defined]
    assert city.coverage(NOW).total.children == 1


ROLES = {
    # role: (parental responsibility, has care) -> what becomes of the adult
    ("foster carer", "no", "yes"): "planned",
    ("kinship carer", "no", "yes"): "planned",
    ("kinship carer", "unknown", "yes"): "planned",
    ("grandparent", "no", "yes"): "planned",
    ("mother", "yes", "no"): "planned",
    ("registered manager", "no", "yes"): "planned",
    ("registered manager", "unknown", "unknown"): "a person decides",
    ("registered manager", "no", "unknown"): "a person decides",
    ("social worker", "unknown", "unknown"): "a person decides",
    ("social worker", "unknown", "no"): "a person decides",
    ("social worker", "yes", "no"): "planned",
    ("foster carer", "unknown", "unknown"): "a person decides",
    ("social worker", "no", "no"): "not entitled",
    ("other", "no", "no"): "not entitled",
}


def test_each_role_beside_a_child_is_planned_or_becomes_a_persons_decision(city: City) -> None:
    from everyfamily.mailings.models import Delivery, PersonTask
    from everyfamily.people.database.tenancy import tenant

    cases = list(ROLES)
    random.Random(7).shuffle(cases)
    names = {f"Adult {chr(65 + number)}very": case for number, case in enumerate(cases)}
    rows = [
        adult(f"P{number}", name, RELATIONSHIP=case[0], PARENTAL_RESPONSIBILITY=case[1], HAS_CARE=case[2])
        for number, (name, case) in enumerate(names.items())
    ]
    city.school(URN, rows)
    city.open()
    city.send()
    by_name = adults(city)
    with tenant(city.schools[URN]):
        planned = set(Delivery.objects.values_list("parent_id", flat=True))
        asked = set(PersonTask.objects.filter(kind="restriction").values_list("parent_id", flat=True))
    assert not planned & asked
    became = {
        case: "planned"
        if by_name[name] in planned
        else "a person decides"
        if by_name[name] in asked
        else "not entitled"
        for name, case in names.items()
    }
    assert became == ROLES


@pytest.mark.parametrize("by", ["lead", "Safeguarding lead", "the school office", ""])
def test_what_a_file_closed_is_opened_by_a_named_person_only(city: City, by: str) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.actions.decided.restrictions import ReviewerNotNamed
    from everyfamily.people.database.tenancy import tenant

    city.school(URN, [ANA | {"RESTRICTION": "do not send"}])
    with pytest.raises(ReviewerNotNamed):
        decide(city, "Ana Ferris", "none", by=by)
    assert [care.restriction for care in people_of(city, "Care")] == ["do not send"]  # type: ignore[attr-defined]
    assert decide(city, "Ana Ferris", "none", by="Una Marsh") == "do not send"
    with tenant(city.schools[URN]):
        event = AuditEvent.objects.get(action="review restriction")
    assert (event.actor, event.subject_type, event.detail) == (
        *("Una Marsh", "care"),
        {"from": "do not send", "to": "none"},
    )


def test_a_decision_that_is_none_and_a_link_that_is_not_there_are_refused(city: City) -> None:
    from everyfamily.people.actions.decided.restrictions import DecisionNotKnown, LinkNotKnown, review_restriction

    city.school(URN, [ANA])
    other = city.school(900002, [adult("P9", "Dee Marsh")])
    with pytest.raises(DecisionNotKnown):
        decide(city, "Ana Ferris", "unknown")
    with pytest.raises(LinkNotKnown):
        review_restriction(
            other, link=links(city)["Ana Ferris"], decision="hold", by=Actor.typed("Una Marsh"), now=NOW
        )


def test_the_lead_sees_what_waits_and_what_has_not_been_looked_at_for_a_term(city: City) -> None:
    from everyfamily.people.actions.attesting import attest
    from everyfamily.people.actions.decided.restrictions import LinksShown, links_to_review

    school = city.school(
        URN,
        [
            ANA,
            BEN | {"RESTRICTION": ""},
            adult("P2", "Col Marsh", RESTRICTION="hold"),
            adult("P3", "Dee Quill", RESTRICTION="do not send"),
        ],
    )

    def shown(which: LinksShown, now: object) -> list[tuple[str, str, str]]:
        found = links_to_review(school, now=now, shown=which)  # type: ignore[arg-type]
        return [(link.pupil, link.adult_name, link.reason or link.restriction) for link in found]

    waiting = [("P1", "Ben Ferris", "not said"), ("P2", "Col Marsh", "hold")]
    assert shown(LinksShown.WAITING, NOW) == waiting
    attest(school, restrictions=True, parents=False, by=Actor.typed("Una Marsh"), now=NOW)
    decided = NOW + timedelta(hours=1)
    decide(city, "Col Marsh", "none", now=decided)
    decide(city, "Dee Quill", "do not send", now=decided)
    assert shown(LinksShown.WAITING, decided) == shown(LinksShown.STALE, decided) == []
    next_term = NOW + timedelta(days=121)
    assert shown(LinksShown.STALE, next_term) == [
        ("P2", "Col Marsh", "none"),
        ("P3", "Dee Quill", "do not send"),
    ], "opened one by one, or closed: the lead's word on the roll is given anew anyway"


def test_the_commands_decide_without_a_name_on_the_command_line(city: City) -> None:
    city.school(
        URN,
        [
            ANA | {"RESTRICTION": ""},
            adult("P2", "Col Marsh", EMAIL="col@example.org", RESTRICTION="hold"),
            *(adult(f"P{number}", f"Parent {'abcdefghij'[number]}") for number in range(3, 10)),
        ],
    )
    school = ("--school", str(URN))
    said = command("attest", *school, "--by", "Una Marsh", "--json")
    assert json.loads(said.output)["not_said"] == 1, said.output
    said = command("attest", *school, "--by", "Una Marsh", "--restrictions-checked")
    assert "1 link said nothing; by your word they have no restriction." in said.output
    waiting = json.loads(command("restrictions", "list", *school, "--json").output)
    assert [(link["pupil"], link["adult_name"]) for link in waiting] == [("P2", "Col Marsh")]
    link = ("--link", str(waiting[0]["link"]))
    refused = command("restrictions", "decide", *school, *link, "none", "--by", "lead")
    assert (refused.exit_code, "EF242" in refused.output) == (2, True)
    assert command("restrictions", "decide", *school, *link, "none", "--by", "Una Marsh").exit_code == 0
    shown = command("objects", *school, "--pupil", "P2")
    number = shown.output.split("adult ")[1].split(":")[0]
    assert "Col Marsh" in shown.output
    wrong = command("objects", *school, "--pupil", "P1", "--adult", number)
    assert (wrong.exit_code, "EF245" in wrong.output) == (2, True)
    assert (
        "No more letters go to this adult."
        in command("objects", *school, "--pupil", "P2", "--adult", number).output
    )
    assert "Recorded." in command("died", *school, "--pupil", "P3", "--by", "Una Marsh").output
    unknown = command("died", *school, "--pupil", "P3", "--by", "Una Marsh")
    assert (unknown.exit_code, "EF243" in unknown.output, "P3" in unknown.output) == (2, True, False)
    assert "No child is proposed as a leaver." in command("leavers", "list", *school).output
    assert "Left: 1 child." in command("leavers", "confirm", *school, "--pupil", "P4", "--by", "office").output


def test_the_audit_trail_of_decisions_holds_numbers_and_no_person(city: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    city.school(URN, [ANA | {"RESTRICTION": "hold", **address(3)}])
    decide(city, "Ana Ferris", "none")
    objects(city)
    dies(city)
    with tenant(city.schools[URN]):
        events = list(
            AuditEvent.objects.filter(school_id=city.schools[URN]).values("action", "subject_id", "detail")
        )
    actions = [event["action"] for event in events]
    assert {"review restriction", "record objection", "record death"} <= set(actions)
    trail = json.dumps(events, default=str)
    assert not [word for word in ("Ferris", "ana@", "P1", "Lantern") if word in trail]


def test_coverage_counts_a_family_that_was_decided_later(city: City) -> None:
    city.school(URN, [ANA | {"RESTRICTION": "hold"}])
    city.open()
    city.send()
    assert city.coverage(NOW).total.reasons == {Reason.UNDECIDED: 1}
    decide(city, "Ana Ferris", "none")
    city.send(LATER)
    city.hear([("ana@example.org", "delivered")], LATER)
    city.send(LATER)
    assert dict(city.coverage(LATER).total.outcomes) == {Outcome.REACHED: 1}
