"""The checklist before the first real letter: each point's answer, and that no point shows a secret or a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.partnership.versions import files_at
from everyfamily.reports.readiness import Answer, Area, Facts, checks, left
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.each import each

TODAY = date(2027, 3, 1)
EXAMPLE = files_at(PARTNERSHIP)[1]
# Nobody's, and not an example's either: those lead nowhere, and are to do.
LETTERS, REPLIES = (f"{name}@northmere.gov" + ".uk" for name in ("letters", "replies"))
KEY = "A" * 43 + "="
REAL = replace(
    EXAMPLE,
    demonstration=False,
    signatories=tuple(replace(who, keys=(ApprovalKey.of_file(KEY),)) for who in EXAMPLE.signatories),
    enquiries=replace(EXAMPLE.enquiries, mailbox=LETTERS),
    reply_mailbox=REPLIES,
)
READY = Facts(
    administrators=2,
    coordinators=2,
    accounts=4,
    without_second_factor=0,
    partnership=REAL,
    settings_fault="",
    ways={"email": "smtp", "post": "print"},
    sender=LETTERS,
    reads_replies=True,
    workers=1,
    schools=3,
    sending_for=2,
    leads_named=3,
    mailboxes_known=3,
    rolls_in=2,
    attested=2,
    master_key=True,
    marker_elsewhere=True,
    is_simulated=False,
    sign_in_key=True,
    base_url="https://letters.northmere.gov.uk",
    is_rehearsal=False,
    has_stand_ins=False,
)


def answers(**changed: Any) -> dict[str, Answer]:
    return {one.id: one.answer for one in checks(replace(READY, **changed), TODAY)}


def test_everything_that_can_be_seen_is_done_and_the_rest_is_not_called_done() -> None:
    found = checks(READY, TODAY)
    assert left(found) == 0
    assert [one.id for one in found if one.answer is not Answer.YES] == ["backup"]
    assert {one.area for one in found} == set(Area)
    assert len({one.id for one in found}) == len(found)


@each(
    "point, changed",
    [
        ("administrators", {"administrators": 1}),
        ("coordinators", {"coordinators": 0}),
        ("second-factors", {"without_second_factor": 1}),
        ("second-factors", {"accounts": 0}),
        ("settings", {"partnership": None}),
        ("real", {"partnership": replace(REAL, demonstration=True)}),
        ("signatories", {"partnership": replace(REAL, signatories=EXAMPLE.signatories)}),
        ("mailboxes", {"partnership": replace(REAL, reply_mailbox="replies@eastmere.example")}),
        ("routes", {"partnership": replace(REAL, routes=(replace(REAL.routes[0], checked_on=None),))}),
        ("schools", {"schools": 0}),
        ("leads", {"leads_named": 2}),
        ("school-mailboxes", {"mailboxes_known": 2}),
        ("rolls", {"rolls_in": 1}),
        ("attested", {"attested": 0}),
        ("carriers", {"ways": {"email": "recording"}}),
        ("carriers", {"ways": None}),
        ("sender", {"sender": "letters@eastmere.example"}),
        ("replies", {"reads_replies": False}),
        ("rehearsal", {"is_rehearsal": True}),
        ("rehearsal", {"has_stand_ins": True}),
        ("worker", {"workers": 0}),
        ("address", {"base_url": "http://letters.northmere.gov.uk"}),
        ("address", {"base_url": ""}),
        ("sign-in-key", {"sign_in_key": False}),
        ("clock", {"is_simulated": True}),
        ("marker", {"marker_elsewhere": False}),
    ],
)
def test_what_is_missing_is_to_do_and_nothing_else_is(point: str, changed: dict[str, Any]) -> None:
    found = answers(**changed)
    assert found[point] is Answer.NO
    assert [key for key, answer in found.items() if answer is Answer.NO] == [point]


def test_a_route_that_expires_tomorrow_still_counts_and_after_that_not() -> None:
    route = REAL.routes[0]
    assert route.expires_on is not None
    facts = replace(READY, partnership=replace(REAL, routes=(route,)))
    on = {one.id: one.answer for one in checks(facts, route.expires_on)}
    after = {one.id: one.answer for one in checks(facts, date(2027, 12, 1))}
    assert (on["routes"], after["routes"]) == (Answer.YES, Answer.NO)


def test_without_schools_nobody_says_that_every_school_has_a_lead() -> None:
    found = answers(schools=0, sending_for=0, leads_named=0, mailboxes_known=0, rolls_in=0, attested=0)
    assert {found[key] for key in ("leads", "school-mailboxes", "rolls", "attested")} == {Answer.NOT_KNOWN}


def test_every_point_is_a_sentence_and_says_who() -> None:
    for facts in (READY, replace(READY, partnership=None, ways=None, schools=0, workers=0)):
        for one in checks(facts, TODAY):
            assert one.sentence.endswith("."), one.id
            assert one.who and one.name, one.id


def test_no_point_shows_a_key_an_address_or_a_person() -> None:
    shown = " ".join(one.sentence + one.name for one in checks(READY, TODAY))
    assert "@" not in shown and KEY not in shown and "https://" not in shown
    assert all(who.name not in shown for who in REAL.signatories)
