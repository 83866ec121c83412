"""Who opts out of a way is reached by the next one, and by a new value of the old way never."""

from __future__ import annotations

from datetime import timedelta

import pytest

from everyfamily.core.accounting.coverage import Outcome
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from tests.factories.city import NOW, City, address, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
ANA = adult("P1", "Ana Ferris", EMAIL="ana@example.org", MOBILE="07700900123", **address(1))
BEN = adult("P1", "Ben Ferris", EMAIL="ben@example.org", MOBILE="07700900124", **address(1))
LATER = NOW + timedelta(hours=1)


def parents(city: City, urn: int = URN) -> list[int]:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Parent

    with tenant(city.schools[urn]):
        return list(Parent.objects.order_by("id").values_list("id", flat=True))


def points(city: City) -> list[tuple[str, str, bool]]:
    """Channel, status and whether there is a value; marks too."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import ContactPoint

    with tenant(city.schools[URN]):
        rows = ContactPoint.objects.order_by("channel", "id")
        return [(row.channel, row.status, row.value is not None) for row in rows]


def opts_out(city: City, channel: str, *, adult: int = 0, undo: bool = False) -> bool:
    from everyfamily.people.actions.decided.opt_outs import opt_out, undo_opt_out

    act = undo_opt_out if undo else opt_out
    return act(
        city.schools[URN], adult=adult or parents(city)[0], channel=channel, by=Actor.typed("office"), now=NOW
    )


def sent(city: City) -> list[tuple[object, object]]:
    lines = sorted(city.outbox(), key=lambda line: str(line["at"]))
    return [(line["channel"], line["to"] or line["address"][0]) for line in lines]  # type: ignore[index]


@pytest.mark.parametrize(
    ("out", "ways"),
    [
        (["email"], [("text", "+447700900123")]),
        (["email", "text"], [("post", "Ana Ferris")]),
        (["email", "text", "post"], [("pupil post", "P1")]),
    ],
)
def test_the_next_way_follows_and_the_family_is_never_dropped(
    city: City, out: list[str], ways: list[tuple[str, str]]
) -> None:
    city.school(URN, [ANA])
    for channel in out:
        assert opts_out(city, channel)
    city.open()
    city.send()
    assert sent(city) == ways
    assert city.coverage(NOW).total.outcomes == {Outcome.ON_ITS_WAY: 1}


def test_it_is_one_adults_wish_and_not_the_others(city: City) -> None:
    city.school(URN, [ANA, BEN])
    opts_out(city, "email")
    city.open()
    city.send()
    assert sorted(sent(city)) == [("email", "ben@example.org"), ("text", "+447700900123")]


def test_an_attempt_that_is_written_down_is_taken_back_in_mid_mailing(city: City) -> None:
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending.deciding import decide_page

    city.school(URN, [ANA])
    city.open()
    begin_wave(city.mailing, city.schools[URN], NOW)
    decide_page(city.look(city.schools[URN], NOW))
    opts_out(city, "email")
    city.send()
    assert sent(city) == [("text", "+447700900123")]


def test_what_a_carrier_refused_is_not_tried_again(city: City, settings_of: dict[str, float]) -> None:
    settings_of["refuse"] = 1.0
    city.school(URN, [ANA])
    city.open()
    city.send()
    assert sent(city) == []
    opts_out(city, "email")
    city.send(NOW + timedelta(hours=2))
    city.send(NOW + timedelta(hours=4))
    assert sent(city) == [("text", "+447700900123")]


def test_a_failed_email_does_not_lead_to_a_channel_that_was_opted_out_of(city: City) -> None:
    city.school(URN, [ANA])
    city.open()
    city.send()
    opts_out(city, "text")
    city.hear([("ana@example.org", "permanent-failure")], LATER)
    city.send(LATER)
    assert sent(city) == [("email", "ana@example.org"), ("post", "Ana Ferris")]


def test_a_new_number_in_the_next_roll_is_not_texted(city: City) -> None:
    city.school(URN, [ANA])
    opts_out(city, "text")
    for mobile in ("07700900555", "07700900123", "07700900556"):
        city.import_rows(URN, [ANA | {"EMAIL": "", "MOBILE": mobile}])
    city.open()
    city.send()
    assert sent(city) == [("email", "ana@example.org")]
    city.hear([("ana@example.org", "permanent-failure")], LATER)
    city.send(LATER)
    assert sent(city)[1:] == [("post", "Ana Ferris")]


def test_a_new_value_under_another_spelling_of_the_adult_is_kept_to_as_well(city: City) -> None:
    city.school(URN, [ANA])
    opts_out(city, "text")
    city.import_rows(URN, [ANA | {"ADULT_NAME": "A Ferris", "MOBILE": "07700900555"}])
    assert ("text", "usable", True) not in points(city)


def test_it_outlives_a_purge(city: City) -> None:
    from everyfamily.core.sending.keeping import PurgeReason
    from everyfamily.people.actions.keeping.purging import purge_school

    city.school(URN, [ANA])
    opts_out(city, "text")
    purge_school(city.schools[URN], reason=PurgeReason.ASKED, by=Actor.typed("test"), now=NOW)
    assert not any(has_value for _, _, has_value in points(city))
    city.import_rows(URN, [ANA | {"MOBILE": "07700900555"}])
    assert {status for channel, status, _ in points(city) if channel == "text"} == {"opted out"}
    assert ("email", "usable", True) in points(city)


def test_it_outlives_a_new_key_of_the_school(city: City) -> None:
    from everyfamily.people.actions.keeping.key_rotation import rotate_school_key

    city.school(URN, [ANA])
    opts_out(city, "text")
    rotate_school_key(city.schools[URN], by=Actor.typed("test"), now=NOW)
    city.import_rows(URN, [ANA | {"MOBILE": "07700900555"}])
    assert {status for channel, status, _ in points(city) if channel == "text"} == {"opted out"}


def test_it_can_be_undone_and_what_is_dead_stays_dead(city: City) -> None:
    city.school(URN, [ANA])
    city.open()
    city.send()
    city.hear([("ana@example.org", "permanent-failure")], LATER)
    city.send(LATER)
    assert opts_out(city, "email")
    assert not opts_out(city, "email")
    assert opts_out(city, "text")
    assert opts_out(city, "text", undo=True)
    assert not opts_out(city, "text", undo=True)
    assert opts_out(city, "email", undo=True)
    assert [(channel, status) for channel, status, _ in points(city) if channel != "post"] == [
        ("email", "permanent-failure"),
        ("text", "usable"),
    ]
    city.import_rows(URN, [ANA | {"EMAIL": "ana2@example.org"}])
    assert ("email", "usable", True) in points(city)


def test_who_had_no_way_left_is_written_to_when_they_think_again(city: City) -> None:
    only = adult("P1", "Ana Ferris", EMAIL="ana@example.org", HAS_CARE="no")
    city.school(URN, [only], order=["email"])
    opts_out(city, "email")
    city.open()
    city.send()
    assert city.coverage(NOW).total.outcomes == {Outcome.NOT_REACHED: 1}
    opts_out(city, "email", undo=True)
    city.send(LATER)
    assert sent(city) == [("email", "ana@example.org")]


def test_it_is_written_in_the_audit_trail_without_a_value(city: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    city.school(URN, [ANA])
    opts_out(city, "text")
    opts_out(city, "text", undo=True)
    with tenant(city.schools[URN]):
        events = list(AuditEvent.objects.filter(action__contains="opt out").order_by("id"))
    assert [(one.action, one.actor, one.detail) for one in events] == [
        ("opt out", "office", {"channel": "text"}),
        ("undo opt out", "office", {"channel": "text"}),
    ]


def test_an_adult_of_another_school_is_not_known(city: City) -> None:
    city.school(URN, [ANA])
    city.school(900002, [BEN])
    [other] = parents(city, 900002)
    with pytest.raises(EveryfamilyError, match="has no adult"):
        opts_out(city, "email", adult=other)


def test_an_answer_to_a_subject_access_request_says_it(city: City) -> None:
    from everyfamily.people.actions.keeping.subject_access import adult_record
    from everyfamily.people.database.tenancy import tenant

    city.school(URN, [ANA])
    opts_out(city, "text")
    with tenant(city.schools[URN]):
        record = adult_record(city.schools[URN], parents_in(), now=NOW)
    said = [(one["channel"], one["status"], one["reason"]) for one in record["contact_points"]]  # type: ignore[attr-defined]
    assert ("text", "opted out", "the adult asked") in said
    assert ("text", "opted out", "whatever the value") in said


def parents_in() -> int:
    from everyfamily.people.models import Parent

    return Parent.objects.values_list("id", flat=True).get()


def test_the_command_shows_who_and_records_it(city: City) -> None:
    from click.testing import CliRunner

    from everyfamily.cli.main import main

    city.school(URN, [ANA, BEN])
    base = ["opt-out", "--school", str(URN), "--pupil", "P1", "--by", "School office"]

    def run(*more: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, [*base, *more])
        return done.exit_code, done.output

    ana, ben = parents(city)
    assert f"adult {ana}: Ana Ferris (mother)\n" in run()[1]
    assert run("--adult", str(ana), "--channel", "text")[0] == 0
    assert "already recorded" in run("--adult", str(ana), "--channel", "text")[1]
    assert run("--adult", str(ana), "--channel", "post", "--json")[1].strip().endswith('"changed": true}')
    assert f"adult {ana}: Ana Ferris (mother), no text and no post\n" in run()[1]
    assert run("--adult", str(ana), "--channel", "post", "--undo")[0] == 0
    assert f"adult {ana}: Ana Ferris (mother), no text\nadult {ben}: Ben Ferris (mother)\n" in run()[1]
    assert "EF650" in run("--adult", str(ana))[1]
    assert "EF245" in run("--adult", "99999", "--channel", "text")[1]
