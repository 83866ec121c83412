"""What keeps an adult away is kept with the decision; when it ends, the lead is asked again and nothing opens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City, adult
from tests.factories.doors import open_doors
from tests.integration.database.test_decision_pages import AT, URN, get, lead, links, post, seen
from tests.integration.database.test_eligibility import sql

pytestmark = [pytest.mark.database, pytest.mark.slow]

ROWS = [
    adult("P1", "Bo Marsh", EMAIL="bo@example.org", CLASS="7A"),
    adult("P2", "Bo Marsh", EMAIL="bo@example.org", CLASS="7B"),
    adult("P1", "Dee Sample", EMAIL="dee@example.org", CLASS="7A"),
]
TODAY = NOW.date()
LONG = date(2099, 6, 30)
TASKS = "SELECT kind, closed_by FROM people_rolltask WHERE kind = 'order ended' ORDER BY id"


@pytest.fixture(autouse=True)
def _doors(tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path):
        yield


@pytest.fixture
def school(city: City) -> int:
    return city.school(URN, ROWS)


def close(school: int, ends_on: date | None = TODAY) -> int:
    from everyfamily.core.adults.grounds import Ground
    from everyfamily.people.actions.decided.restrictions import review_restriction

    link = links(school)["Dee Sample"].pk
    review_restriction(
        school,
        link=link,
        decision="do not send",
        by=Actor.typed("Una Marsh"),
        now=NOW,
        ground=Ground("court order", ends_on, is_order_seen=True),
    )
    return int(link)


def ask(days: int) -> None:
    ask_at(NOW + timedelta(days=days))


def ask_at(moment: datetime) -> None:
    from everyfamily.people.actions.decided.ended_orders import ask_about_ended_orders

    ask_about_ended_orders(moment)


def test_the_page_keeps_what_was_said_for_every_child_that_it_closes(school: int) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care, Ground

    client = lead(school)
    bo = links(school)["Bo Marsh"].parent_id
    with tenant(school):
        first, second = Care.objects.filter(parent=bo).order_by("id")
    at = f"{AT}restrictions/{first.pk}/"
    page = get(client, at)
    also = page.split('name="also"')[1].split('value="')[1].split('"')[0]
    said = {"answer": "must-not", "seen": seen(page), "also": also, "ground": "court order", "order_seen": "yes"}
    # A day that is over, or no kind, saves nothing and keeps what was typed.
    for wrong in ({"ends_on": "2001-01-01"}, {"ground": ""}, {"ground": "school"}, {"ends_on": "soon"}):
        answer = post(client, at, **(said | wrong))
        assert answer.status_code == 422
        assert 'value="must-not" aria-describedby="must-not-hint" checked' in answer.content.decode()
    with tenant(school):
        assert not Ground.objects.exists()
    assert post(client, at, **said, ends_on="2099-06-30").status_code == 302
    with tenant(school):
        kept = set(Ground.objects.values_list("care_id", "kind", "is_order_seen"))
    assert kept == {(first.pk, "court order", True), (second.pk, "court order", True)}
    words = "A court order, seen by the person who decided, until 30 June 2099"
    assert words in get(client, at)
    assert words in get(client, f"{AT}children/{first.pupil_id}/")
    assert words in get(client, f"{AT}restrictions/?show=must-not")


def test_closing_never_waits_for_a_reason(school: int) -> None:
    client = lead(school)
    at = f"{AT}restrictions/{links(school)['Dee Sample'].pk}/"
    assert post(client, at, answer="must-not", seen=seen(get(client, at))).status_code == 302
    assert links(school)["Dee Sample"].restriction == "do not send"


def test_to_decide_the_same_again_loses_nothing_and_says_nothing_for_somebody_else(school: int) -> None:
    at = f"{AT}restrictions/{close(school, LONG)}/"
    for name, is_seen in (("Una Marsh", True), ("Ivo Quill", False)):
        page = get(lead(school, name), at)
        assert 'value="court order" checked' in page
        assert 'name="ends_on" value="2099-06-30"' in page
        assert ('value="yes" checked' in page) is is_seen


def test_a_reason_that_is_given_after_going_back_is_kept_or_asked_for_again(school: int) -> None:
    client = lead(school)
    at = f"{AT}restrictions/{links(school)['Dee Sample'].pk}/"
    said = {"answer": "must-not", "seen": seen(get(client, at))}
    post(client, at, **said)
    assert post(client, at, **said).status_code == 302
    again = post(client, at, **said, ground="school", ends_on="2099-06-30")
    page = again.content.decode()
    assert again.status_code == 409
    assert 'name="ends_on" value="2099-06-30"' in page
    said["seen"] = seen(page)
    assert post(client, at, **said, ground="school", ends_on="2099-06-30").status_code == 302
    assert "The school’s own judgement, until 30 June 2099" in get(client, at)


def test_the_last_day_counts_until_midnight_at_the_school(city: City, school: int) -> None:
    close(school, date(2027, 6, 30))
    ask_at(datetime(2027, 6, 30, 22, 59, tzinfo=UTC))
    assert sql(city, TASKS) == []
    ask_at(datetime(2027, 6, 30, 23, 1, tzinfo=UTC))
    assert sql(city, TASKS) == [("order ended", None)]


def test_a_file_opens_nothing_and_asks_no_second_time(city: City, school: int) -> None:
    close(school)
    for days in (1, 2):
        ask(days)
        city.import_rows(URN, ROWS, NOW + timedelta(days=days))
    assert sql(city, TASKS) == [("order ended", None)]
    assert links(school)["Dee Sample"].restriction == "do not send"


def test_an_end_asks_the_lead_and_opens_nothing(city: City, school: int) -> None:
    from everyfamily.accounts.desk.gathering import Reach, gather

    link = close(school)
    ask(0)
    assert sql(city, TASKS) == []
    for _ in range(2):
        ask(1)
    assert sql(city, TASKS) == [("order ended", None)]
    [wait] = [one for one in gather(Reach.at([school]), NOW).waits if one.kind.name == "ORDER_ENDED"]
    assert wait.count == 1
    assert links(school)["Dee Sample"].restriction == "do not send"
    assert sql(city, "SELECT may_have_it FROM people_adult_standing s JOIN people_care c ON c.parent_id = s.id"
                     f" AND c.id = {link}") == [(False,)]  # fmt: skip


def test_the_task_ends_with_the_next_decision_whatever_it_is(city: City, school: int) -> None:
    from everyfamily.people.actions.decided.restrictions import review_restriction

    link = close(school)
    ask(1)
    review_restriction(school, link=link, decision="do not send", by=Actor.typed("Una Marsh"), now=NOW)
    assert sql(city, TASKS) == [("order ended", "Una Marsh")]
    ask(30)
    assert len(sql(city, TASKS)) == 1


def test_nobody_is_asked_about_an_adult_whose_child_is_gone(city: City, school: int) -> None:
    from everyfamily.people.actions.keeping.leavers import record_death

    close(school)
    ask(1)
    record_death(school, pupil=links(school)["Dee Sample"].pupil_id, by=Actor.typed("Una Marsh"), now=NOW)
    ask(2)
    assert sql(city, TASKS) == [("order ended", "Una Marsh")]


def test_the_list_to_look_at_again_has_it_the_day_after_the_last(school: int) -> None:
    from everyfamily.people.actions.decided.link_lists import LinksShown, links_to_review

    link = close(school)
    for days, found in ((0, []), (1, [link])):
        shown = links_to_review(school, now=NOW + timedelta(days=days), shown=LinksShown.STALE)
        assert [one.link for one in shown] == found


def test_what_is_handed_out_about_an_adult_has_it(school: int) -> None:
    from everyfamily.people.actions.keeping.subject_access import adult_record
    from everyfamily.people.database.tenancy import tenant

    close(school)
    dee = links(school)["Dee Sample"].parent_id
    with tenant(school):
        [child] = adult_record(school, dee, now=NOW)["children"]  # type: ignore[misc]
    assert (child["kept_away_by"], child["until"], child["order_seen"]) == ("court order", TODAY, True)
