"""Nobody gets the letter by a way that is shared with somebody who may not have it; see test_rules_in_views.py too."""

from __future__ import annotations

from typing import Any

import pytest

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City, address, adult
from tests.spec.test_same_home import TABLE as HOMES
from tests.spec.test_same_home import lines
from tests.spec.test_same_mailbox import TABLE as MAILBOXES
from tests.spec.test_same_mailbox import address as at_sign
from tests.spec.test_same_name import TABLE as PEOPLE

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
ANA = "Ana Quill"


def shut(**columns: str) -> dict[str, str]:
    """The adult who may not have the letter, with another child."""
    return adult("P9", "Karl Ash", RELATIONSHIP="father", RESTRICTION="do not send") | columns


def sql(city: City, statement: str) -> list[tuple[Any, ...]]:
    from django.db import connection

    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[URN]), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def mailed(city: City) -> list[str]:
    """Values that the recording carrier was given, of Ana and nobody else."""
    return sorted(
        str(line["to"] or "\n".join(line["address"][1:]))  # type: ignore[index]
        for line in city.outbox()
    )


def home_columns(address: list[str]) -> dict[str, str]:
    *streets, postcode = address
    return {f"ADDRESS_{n}": line for n, line in enumerate(streets, start=1)} | {"POSTCODE": postcode}


def test_no_letter_goes_to_the_home_of_somebody_who_may_not_have_it(city: City) -> None:
    """The last spelling of each group in the table about homes, with its own postcode: one city, one mailing."""
    people = []
    expected = []
    doubts = 0
    cases = [
        (are, lines(row["home"]), lines(row["spellings"][-1])) for are, found in HOMES.items() for row in found
    ]
    for number, (are, *two) in enumerate(cases):
        if {one[-1] for one in two} != {"EM4 7QX"}:
            continue
        code = f"EM{number // 10 + 1} {number % 10}QX"
        his, other = ([line.replace("EM4 7QX", code) for line in one] for one in two)
        people += [
            shut(**home_columns(his), PUPIL_ID=f"P{number}", ADULT_NAME=f"Karl{number} Ash{number}"),
            adult(f"P{number}", f"Ana{number} Quill{number}", RESTRICTION="none", **home_columns(other)),
        ]
        doubts += are == "perhaps"
        if are == "another":
            expected.append("\n".join(other))
    city.school(URN, people, order=["post"])
    city.open()
    city.send()
    assert mailed(city) == sorted(expected)
    asked = sql(city, "SELECT count(*) FROM people_rolltask WHERE kind = 'shared home' AND closed_at IS NULL")
    assert asked == [(doubts,)]


def test_no_letter_goes_to_the_mailbox_of_somebody_who_may_not_have_it(city: City) -> None:
    """The last spelling of each group in the table about mailboxes, with its own domain or name."""
    people, expected = [], []
    cases = [
        (are, at_sign(row["mailbox"]), at_sign(row["spellings"][-1]))
        for are, found in MAILBOXES.items()
        for row in found
    ]
    for number, (are, *two) in enumerate(cases):
        if not all(one.isascii() and '"' not in one for one in two):
            continue
        his, other = (one.strip(". ").lower().replace("kash", f"kash{number}") for one in two)
        people += [
            shut(EMAIL=his, PUPIL_ID=f"P{number}", ADULT_NAME=f"Karl{number} Ash{number}"),
            adult(f"P{number}", f"Ana{number} Quill{number}", RESTRICTION="none", EMAIL=other),
        ]
        if are == "another":
            expected.append(other)
    city.school(URN, people, order=["email"])
    city.open()
    city.send()
    assert mailed(city) == sorted(expected)


NAMES = [
    pytest.param(
        row["person"], row["spellings"][-1], are == "asked", id=f"{are}: {row['name']}".replace(" ", "-")
    )
    for are, found in PEOPLE.items()
    for row in found[:3]
]
"""A few of the table about names: that the database does what the pure rule says."""


@pytest.mark.parametrize(("shut_name", "other_name", "asked"), NAMES)
@pytest.mark.parametrize("how", ["in one file", "in a later file", "by a decision"])
def test_a_person_is_asked_about_who_may_be_somebody_closed(
    city: City, shut_name: str, other_name: str, asked: bool, how: str
) -> None:
    namesake = adult("P1", other_name, EMAIL="other@example.org")
    bare = {"EMAIL": "karl@example.org"}
    if how == "in one file":
        city.school(URN, [shut(**bare) | {"ADULT_NAME": shut_name}, namesake])
    elif how == "in a later file":
        city.school(URN, [shut(**bare) | {"ADULT_NAME": shut_name}])
        city.import_rows(URN, [shut(**bare) | {"ADULT_NAME": shut_name}, namesake])
    else:
        city.school(URN, [shut(RESTRICTION="none", **bare) | {"ADULT_NAME": shut_name}, namesake])
        decide(city, "P9", "do not send")
    held = sql(
        city,
        "SELECT c.restriction, c.restriction_reason FROM people_care c JOIN people_pupil p ON p.id = c.pupil_id "
        "ORDER BY p.id, c.id",
    )
    # One decision is asked for, and nobody is closed without it.
    assert sorted(held) == sorted([("do not send", ""), ("unknown", "doubt") if asked else ("none", "")])


def decide(city: City, own_id: str, decision: str) -> None:
    from everyfamily.people.actions.decided.restrictions import LinksShown, links_to_review, review_restriction
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    school = city.schools[URN]
    with tenant(school):
        links = list(Care.objects.order_by("id").values_list("id", flat=True))
    shown = {one.link: one.pupil for one in links_to_review(school, now=NOW, shown=LinksShown.CLOSED)}
    link = next((link for link, pupil in shown.items() if pupil == own_id), links[0])
    review_restriction(school, link=link, decision=decision, by=Actor.typed("Una Marsh"), now=NOW)


@pytest.mark.parametrize(
    ("column", "value"),
    [("EMAIL", "family@example.org"), ("MOBILE", "07700 900123"), ("ADDRESS", "")],
)
@pytest.mark.parametrize("held", ["see court order", "hold", "do not send"])
def test_a_word_that_cannot_be_read_closes_what_is_shared_as_hold_does(
    city: City, column: str, value: str, held: str
) -> None:
    shared = address(5) if column == "ADDRESS" else {column: value}
    city.school(
        URN, [shut(RESTRICTION=held, **shared), adult("P1", ANA, **shared)], order=["email", "text", "post"]
    )
    city.open()
    city.send()
    assert city.outbox() == []


def test_no_child_carries_the_letter_into_a_home_that_it_may_not_be_posted_to(city: City) -> None:
    his = {"ADDRESS_1": "5, LANTERN ROW", "POSTCODE": "EM4 7QX"}
    city.school(
        URN,
        [shut(**his), adult("P1", ANA, **address(5)), adult("P2", "Mo Reed", **address(7))],
        order=["pupil post"],
    )
    city.open()
    city.send()
    assert [line["to"] for line in city.outbox()] == ["P2"]
    # Nobody is told to send paper home with that child.
    assert dict(city.coverage(NOW).total.reasons) == {"nobody_entitled": 1, "shared_way": 1}


def test_no_child_carries_it_there_when_the_home_is_closed_after_it_was_written_down(city: City) -> None:
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending.deciding import decide_page

    his = {"ADDRESS_1": "5, LANTERN ROW", "POSTCODE": "EM4 7QX"}
    city.school(URN, [shut(RESTRICTION="none", **his), adult("P1", ANA, **address(5))], order=["pupil post"])
    city.open()
    begin_wave(city.mailing, city.schools[URN], NOW)
    assert decide_page(city.look(city.schools[URN], NOW)) == 2
    decide(city, "P9", "do not send")
    city.send()
    assert city.outbox() == []


def test_a_copy_that_was_printed_before_a_decision_is_kept_back(city: City) -> None:
    """It is in the class: the list that the office works with says whose copy is not to go home."""
    from everyfamily.mailings.actions.paper.hand_outs import hand_outs_waiting

    his = {"ADDRESS_1": "5, LANTERN ROW", "POSTCODE": "EM4 7QX"}
    rows = [shut(RESTRICTION="none", **his), adult("P1", ANA, **address(5)), adult("P2", "Mo Reed", **address(7))]
    school = city.school(URN, rows, order=["pupil post"])
    city.open()
    city.send()
    assert [one.keep_back for one in hand_outs_waiting(school, now=NOW)] == [()]
    decide(city, "P9", "do not send")
    assert [sorted(one.keep_back) for one in hand_outs_waiting(school, now=NOW)] == [["P1", "P9"]]


def test_silence_closes_nothing_that_is_shared(city: City) -> None:
    shared = {"EMAIL": "family@example.org"}
    city.school(URN, [shut(RESTRICTION="", **shared), adult("P1", ANA, **shared)], order=["email"])
    city.open()
    city.send()
    assert mailed(city) == ["family@example.org"]


def test_what_becomes_closed_between_deciding_and_sending_is_not_sent(city: City) -> None:
    """The letter is written down for the home; then somebody at the home, spelt otherwise, is closed."""
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending.deciding import decide_page

    his = {"ADDRESS_1": "5, LANTERN ROW", "POSTCODE": "EM4 7QX"}
    city.school(URN, [shut(RESTRICTION="none", **his), adult("P1", ANA, **address(5))], order=["post"])
    city.open()
    school = city.schools[URN]
    begin_wave(city.mailing, school, NOW)
    assert decide_page(city.look(school, NOW)) == 2
    decide(city, "P9", "do not send")
    city.send()
    assert city.outbox() == []


def test_two_homes_are_told_apart_by_name_and_only_from_whom_was_seen(city: City) -> None:
    from everyfamily.people.actions.decided.restrictions import ReviewerNotNamed
    from everyfamily.people.actions.decided.shared_homes import HomeNotShared, shared_ways, tell_apart

    hers = {"ADDRESS_1": "5 Lantern Row", "POSTCODE": "EM4 7QX"}
    his = {"ADDRESS_1": "Flat 1, 5 Lantern Row", "POSTCODE": "EM4 7QX"}
    rows = [shut(**his), adult("P1", ANA, **hers)]
    school = city.school(URN, rows, order=["post"])
    found = shared_ways(school, now=NOW)
    assert [(one.adult_name, one.pupils, one.channel, one.is_doubted) for one in found] == [
        (ANA, ("P1",), "post", True)
    ]
    with pytest.raises(ReviewerNotNamed):
        tell_apart(school, way=found[0].way, shut=found[0].shut, by=Actor.typed("office"), now=NOW)
    assert found[0].shut_name == "Karl Ash"
    tell_apart(school, way=found[0].way, shut=found[0].shut, by=Actor.typed("Una Marsh"), now=NOW)
    open_doubts = "SELECT count(*), min(closed_by) FROM people_rolltask WHERE kind = 'shared home'"
    assert sql(city, open_doubts) == [(1, "Una Marsh")]
    assert shared_ways(school, now=NOW) == []
    # The next file asks nothing again.
    city.import_rows(URN, rows)
    assert shared_ways(school, now=NOW) == []
    # Somebody else who may not have it moves in: that was never seen.
    city.import_rows(URN, [*rows, adult("P8", "Omar Khan", RESTRICTION="hold", **hers)])
    assert [one.is_doubted for one in shared_ways(school, now=NOW)] == [False]
    with pytest.raises(HomeNotShared):
        tell_apart(school, way=found[0].way + 1000, shut=found[0].shut, by=Actor.typed("Una Marsh"), now=NOW)


def test_a_home_is_not_told_apart_from_somebody_who_was_never_seen(city: City) -> None:
    from everyfamily.people.actions.decided.shared_homes import shared_ways, tell_apart

    hers = {"ADDRESS_1": "5 Lantern Row", "POSTCODE": "EM4 7QX"}
    his = {"ADDRESS_1": "Flat 1, 5 Lantern Row", "POSTCODE": "EM4 7QX"}
    rows = [shut(**his), adult("P1", ANA, **hers)]
    school = city.school(URN, rows, order=["post"])
    (seen,) = shared_ways(school, now=NOW)
    city.import_rows(URN, [*rows, adult("P8", "Omar Khan", RESTRICTION="do not send", **hers)])
    tell_apart(school, way=seen.way, shut=seen.shut, by=Actor.typed("Una Marsh"), now=NOW)
    city.open()
    city.send()
    assert mailed(city) == []


@pytest.mark.parametrize(
    "bad",
    [
        {"ADULT_NAME": "", "PUPIL_ID": "P1"},
        {"ADULT_NAME": "=Karl Ash", "PUPIL_ID": "P1"},
        {"ADULT_NAME": "Karl Ash" * 40, "PUPIL_ID": "P1"},
    ],
)
def test_a_restriction_is_not_lost_with_the_row_of_its_adult(city: City, bad: dict[str, str]) -> None:
    """Nobody can read whose it was, so nobody with that child is written to until a person has decided."""
    rows = [shut(EMAIL="karl@example.org") | bad, adult("P1", "Karl Ash", EMAIL="karl@example.org")]
    city.school(URN, rows, order=["email"])
    city.open()
    city.send()
    assert mailed(city) == []


@pytest.mark.parametrize("ben", [{}, {"ADDRESS_1": "99 Other Street", "POSTCODE": "EM4 8AA"}])
def test_no_child_carries_the_letter_there_for_the_other_parent_either(city: City, ben: dict[str, str]) -> None:
    father = adult("P1", "Ben Quill", RELATIONSHIP="father", **ben)
    rows = [shut(**address(5)), adult("P1", ANA, **address(5)), father]
    city.school(URN, rows, order=["pupil post"])
    city.open()
    city.send()
    assert city.outbox() == []
    assert dict(city.coverage(NOW).total.reasons)["shared_way"] == 1


def test_a_name_that_an_office_wrote_together_with_another_waits_for_a_person(city: City) -> None:
    city.school(URN, [shut(), adult("P1", "Ana Quill & Karl Ash", **address(5))], order=["post"])
    city.open()
    city.send()
    assert city.outbox() == []


@pytest.mark.parametrize(
    ("his", "hers", "way"),
    [
        ({"EMAIL": "family@example.org; karl@example.org"}, {"EMAIL": "family@example.org"}, "email"),
        ({"EMAIL": "Karl Ash <family@example.org>"}, {"EMAIL": "family@example.org"}, "email"),
        ({"MOBILE": "07700 900123 (Karl)"}, {"MOBILE": "07700 900123"}, "text"),
        ({"MOBILE": "07700 900123 / 07700 900124"}, {"MOBILE": "07700 900124"}, "text"),
    ],
)
def test_a_way_is_closed_out_of_a_cell_that_no_letter_could_be_sent_by(
    city: City, his: dict[str, str], hers: dict[str, str], way: str
) -> None:
    city.school(URN, [shut(**his), adult("P1", ANA, **hers)], order=[way])
    city.open()
    city.send()
    assert mailed(city) == []


def test_keys_of_values_from_before_are_made_before_anything_is_planned(city: City) -> None:
    """A database of an older version has none: they are made when its next wave begins."""
    his = {"ADDRESS_1": "5, LANTERN ROW", "POSTCODE": "EM4 7QX"}
    city.school(URN, [shut(**his), adult("P1", ANA, **address(5))], order=["post"])
    sql(city, "UPDATE people_contactpoint SET closing_keys = '', doubt_keys = '', near_key = NULL")
    sql(city, "UPDATE people_parent SET alike_keys = ''")
    city.open()
    city.send()
    assert city.outbox() == []
    assert sql(city, "SELECT count(*) FROM people_parent WHERE alike_keys = ''") == [(0,)]


def test_a_home_stays_closed_when_the_values_of_who_closes_it_are_purged(city: City) -> None:
    from everyfamily.people.actions.keeping.forgetting import forget_adult

    his = {"ADDRESS_1": "5, LANTERN ROW", "POSTCODE": "EM4 7QX"}
    school = city.school(URN, [shut(**his), adult("P1", ANA, **address(5))], order=["post"])
    parent = sql(city, "SELECT parent_id FROM people_care WHERE restriction = 'do not send'")[0][0]
    forget_adult(school, parent, by=Actor.typed("Una Marsh"), now=NOW)
    city.open()
    city.send()
    assert city.outbox() == []


@pytest.mark.parametrize("closed", ["by the file", "by a decision"])
def test_a_home_is_closed_out_of_an_address_that_no_letter_could_be_posted_to(city: City, closed: str) -> None:
    """No postcode, or none that can be read: by house and street, and a person is asked."""
    said = "do not send" if closed == "by the file" else "none"
    people = []
    for number, postcode in enumerate(("", "EM4 7Q", "not known", "EM4 7QX, Eastmere"), start=1):
        his = {"ADDRESS_1": f"{number}5, LANTERN ROW", "ADDRESS_2": "Eastmere", "POSTCODE": postcode}
        people += [
            shut(RESTRICTION=said, **his, PUPIL_ID=f"P{number}", ADULT_NAME=f"Karl{number} Ash{number}"),
            adult(f"P{number}", f"Ana{number} Quill{number}", **address(number * 10 + 5)),
        ]
    people += [adult("P7", "Mo Reed", **address(7))]
    city.school(URN, people, order=["post"])
    if closed == "by a decision":
        from everyfamily.people.actions.decided.restrictions import review_restriction

        for (link,) in sql(city, "SELECT id FROM people_care ORDER BY id")[:8:2]:
            review_restriction(
                city.schools[URN], link=link, decision="do not send", by=Actor.typed("Una Marsh"), now=NOW
            )
    city.open()
    city.send()
    assert mailed(city) == ["7 Lantern Row\nEastmere\nEM4 7QX"]
    asked = sql(city, "SELECT count(*) FROM people_rolltask WHERE kind = 'shared home' AND closed_at IS NULL")
    assert asked == [(4,)]


def test_a_cell_that_was_set_aside_closes_when_a_person_decides_later(city: City) -> None:
    from everyfamily.people.actions.decided.restrictions import review_restriction

    his = {"EMAIL": "family@example.org; karl@example.org", "MOBILE": "07700 900123 (Karl)"}
    rows = [
        shut(RESTRICTION="none", **his),
        adult("P1", ANA, EMAIL="family@example.org", MOBILE="07700 900123"),
        adult("P2", "Mo Reed", EMAIL="mo@example.org"),
    ]
    city.school(URN, rows, order=["email", "text"])
    assert sql(city, "SELECT count(*) FROM people_way WHERE is_closed") == [(0,)]
    link = sql(city, "SELECT min(id) FROM people_care")[0][0]
    review_restriction(city.schools[URN], link=link, decision="do not send", by=Actor.typed("Una Marsh"), now=NOW)
    city.open()
    city.send()
    assert mailed(city) == ["mo@example.org"]
    # A clean cell fills what was never written to.
    rows[0] |= {"EMAIL": "karl@example.org", "MOBILE": ""}
    city.import_rows(URN, rows)
    assert sql(city, "SELECT count(*) FROM people_contactpoint WHERE value IS NULL") == [(2,)]
