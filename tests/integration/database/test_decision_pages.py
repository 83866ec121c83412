"""What a lead decides, through the pages: rows before and after, somebody quicker, somebody else's rows, figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from everyfamily.core.permissions import Role
from tests.factories.city import NOW, City, adult
from tests.factories.doors import open_doors
from tests.factories.signed_in import signed_in

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN, ANOTHER = 900001, 900002
AT = f"/schools/{URN}/"
SILENT = {"RESTRICTION": ""}
UNCLEAR = {"PARENTAL_RESPONSIBILITY": "", "HAS_CARE": ""}
ROWS = [
    adult("P1", "Bo Marsh", RESTRICTION="do not send", CLASS="7A", EMAIL="bo@example.org"),
    adult("P2", "B Marsh", CLASS="7B", MOBILE="07700 900123", **SILENT),
    adult("P3", "Dee Sample", RESTRICTION="see file", CLASS="7B"),
    adult("P4", "Ana Ferris", CLASS="7B", **SILENT),
    adult("P5", "Ben Quill", CLASS="7C", **SILENT),
    adult("P6", "Cal Ombre", CLASS="7C", **SILENT),
]


@pytest.fixture(autouse=True)
def _doors(tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path):
        yield


@pytest.fixture
def school(city: City) -> int:
    return city.school(URN, ROWS)


def lead(school_id: int, name: str = "Una Marsh") -> Client:
    return signed_in(Role.LEAD, name, school_id=school_id)


def get(client: Client, path: str) -> str:
    answer = client.get(path, secure=True)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def post(client: Client, path: str, **said: Any) -> HttpResponse:
    return client.post(path, said, secure=True)  # type: ignore[return-value]


def links(school_id: int) -> dict[str, Any]:
    """Adult's name -> the link."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault
    from everyfamily.people.models import Care

    with tenant(school_id):
        vault = open_vault(school_id, now=NOW)
        return {
            vault.decrypt("parent", one.parent_id, bytes(one.parent.name)): one
            for one in Care.objects.select_related("parent", "pupil").order_by("-id")
            if one.parent.name
        }


def seen(page: str) -> str:
    return re.search(r'name="seen" value="(\w*)"', page)[1]  # type: ignore[index]


def shown_at(page: str) -> str:
    return re.search(r'name="at" value="([^"]+)"', page)[1]  # type: ignore[index]


def rows(school_id: int) -> dict[str, int]:
    """Tables of decisions -> rows, and the school's count of decisions."""
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import ContactPoint, Parent, Pupil, RollTask
    from everyfamily.people.queries import decisions_of

    with tenant(school_id):
        return {
            "events": AuditEvent.objects.count(),
            "adults": Parent.objects.filter(name__isnull=False).count(),
            "points": ContactPoint.objects.count(),
            "here": Pupil.objects.filter(on_roll_to=None, died_known_at=None).count(),
            "tasks": RollTask.objects.filter(closed_at=None).count(),
            "decisions": decisions_of(school_id),
        }


def changed(school_id: int, before: dict[str, int]) -> dict[str, int]:
    after = rows(school_id)
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


def looks(school_id: int) -> int:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    with tenant(school_id):
        return AuditEvent.objects.filter(action="look at list").count()


@pytest.mark.parametrize("typed", ["Dee Sample", "dee  sample", "bo@example.org", "07700 900123"])
def test_an_adult_who_is_typed_leads_to_the_decision_in_one_press(school: int, typed: str) -> None:
    of = {"bo@example.org": "Bo Marsh", "07700 900123": "B Marsh"}.get(typed, "Dee Sample")
    link = links(school)[of]
    page = post(lead(school), f"{AT}children/", own_id=typed).content.decode()
    assert re.findall(r"/restrictions/(\d+)/", page) == [str(link.pk)]
    assert f"/children/{link.pupil_id}/" in page
    assert looks(school) == 1, "a look at names is in the trail"


@pytest.mark.parametrize("typed", ["Sample", "nobody@example.org", "P99", ""])
def test_what_is_no_child_and_no_adult_is_said_so(school: int, typed: str) -> None:
    answer = post(lead(school), f"{AT}children/", own_id=typed)
    assert answer.status_code == 422
    assert not re.search(r"/restrictions/\d", answer.content.decode())


def test_the_list_says_who_waits_and_why_and_the_command_has_the_same_numbers(school: int) -> None:
    import json

    from click.testing import CliRunner

    from everyfamily.cli.main import main

    client = lead(school)
    page = get(client, AT + "restrictions/")
    for show, words in (("", "Wait for you"), ("closed", ""), ("stale", "Look again")):
        asked = [f"--{show}"] if show else []
        said = CliRunner().invoke(main, ["restrictions", "list", "--school", str(URN), *asked, "--json"])
        found = json.loads(said.output)
        if show == "closed":
            found = [one for one in found if one["restriction"] == "do not send"]
            words = "Must not have it"
        assert f"{words} <span>({len(found)})</span>" in page, (words, said.output)
    assert "5 decisions wait for you" in page
    order = ["Perhaps an adult who must not", "A word that we do not know: 1", "The file does not say: 3"]
    assert [page.index(one) for one in order] == sorted(page.index(one) for one in order)
    only = get(client, AT + "restrictions/?reason=not-said")
    assert ("Ana Ferris" in only, "Dee Sample" in only) == (True, False)


def test_a_class_is_asked_for_by_a_child_of_it_and_never_named_in_an_address(school: int) -> None:
    client = lead(school)
    child = links(school)["Ana Ferris"].pupil_id
    first = min(one.pupil_id for one in links(school).values() if one.pupil.class_name == "7B")
    page = get(client, AT + f"restrictions/?class_of={child}")
    assert ("Ana Ferris" in page, "Ben Quill" in page) == (True, False)
    assert f'<option value="{first}"' in page
    assert "7B" not in "".join(re.findall(r'(?:href|action)="([^"]*)"', page))
    assert client.get(AT + "restrictions/?class_of=999999", secure=True).status_code == 404


@pytest.mark.parametrize(
    ("answer", "restriction"), [("may", "none"), ("must-not", "do not send"), ("wait", "hold")]
)
def test_one_decision_is_two_presses_and_leads_to_the_next_for_the_same_reason(
    school: int, answer: str, restriction: str
) -> None:
    client = lead(school)
    one = links(school)["Ana Ferris"]
    page = get(client, AT + f"restrictions/{one.pk}/")
    before = rows(school)
    done = post(client, AT + f"restrictions/{one.pk}/", seen=seen(page), answer=answer)
    assert done.status_code == 302
    assert done.headers["Location"] == AT + f"restrictions/{links(school)['Ben Quill'].pk}/?saved={one.pk}"
    after = links(school)["Ana Ferris"]
    assert (after.restriction, after.restriction_reviewed_by) == (restriction, "Una Marsh")
    assert changed(school, before) == {"events": 1, "decisions": 1}
    states = {"may": "may have the letter", "must-not": "must not have the letter", "wait": "waits for you"}
    told = f'Saved:</b> Ana Ferris {states[answer]} about child <span class="own-id">P4</span>'
    assert told in get(client, done.headers["Location"])
    assert told in get(client, AT + f"restrictions/?saved={one.pk}")
    assert "Ferris" not in str(dict(client.session)), "the name is in the row and nowhere else"
    theirs = AT + f"restrictions/?saved={max(one.pk for one in links(school).values()) + 1}"
    assert "Saved:" not in get(client, theirs)


def test_the_same_form_twice_changes_nothing_more(school: int) -> None:
    client = lead(school)
    one = links(school)["Ana Ferris"].pk
    mark = seen(get(client, AT + f"restrictions/{one}/"))
    assert post(client, AT + f"restrictions/{one}/", seen=mark, answer="may").status_code == 302
    before = rows(school)
    assert post(client, AT + f"restrictions/{one}/", seen=mark, answer="may").status_code == 302
    assert changed(school, before) == {}


def test_the_slower_of_two_leads_is_shown_what_the_other_decided(school: int) -> None:
    una, sam = lead(school), lead(school, "Sam Ferris")
    one = links(school)["Ana Ferris"].pk
    path = AT + f"restrictions/{one}/"
    mark = seen(get(sam, path))
    post(una, path, seen=mark, answer="must-not")
    before = rows(school)
    late = post(sam, path, seen=mark, answer="may")
    text = late.content.decode()
    assert (late.status_code, changed(school, before)) == (409, {})
    assert "This changed after you opened the page." in text
    assert re.search(r"As it is now:</b> this adult must not have the letter. Decided by Una Marsh, \d", text)
    assert 'value="may" aria-describedby="may-hint" checked' in text
    assert post(sam, path, seen=seen(text), answer="may").status_code == 302
    assert links(school)["Ana Ferris"].restriction == "none"


def test_without_an_answer_nothing_is_saved_and_the_page_says_what_to_do(school: int) -> None:
    client = lead(school)
    one = links(school)["Ana Ferris"].pk
    before = rows(school)
    for answer in ("", "none", "same-1", "same-x", "else"):
        done = post(client, AT + f"restrictions/{one}/", seen="x", answer=answer)
        assert done.status_code in (200, 422), answer
    assert changed(school, before) == {}


def test_two_adults_who_may_be_one_are_shown_side_by_side(school: int) -> None:
    client = lead(school)
    found = links(school)
    page = get(client, AT + f"restrictions/{found['B Marsh'].pk}/")
    assert "Is this the same adult?" in page
    assert "Yes, this is Bo Marsh" in page
    assert "bo@example.org" in page
    assert "07700 900123" in page
    same = f"same-{found['Bo Marsh'].parent_id}"
    done = post(client, AT + f"restrictions/{found['B Marsh'].pk}/", seen=seen(page), answer=same)
    assert done.status_code == 302
    assert links(school)["B Marsh"].restriction == "do not send"


def test_an_adult_who_came_in_place_of_a_closed_one_is_shown_beside_them(city: City) -> None:
    closed = adult("P1", "Bo Marsh", RESTRICTION="do not send", EMAIL="bo@example.org")
    school = city.school(URN, [closed, adult("P1", "Ana Ferris"), adult("P2", "Dee Sample", RESTRICTION="hold")])
    new = adult("P1", "Quinn Vale", MOBILE="07700 900123")
    city.import_rows(URN, [new, adult("P1", "Ana Ferris"), adult("P2", "Dee Sample", RESTRICTION="hold")])
    link = links(school)["Quinn Vale"]
    assert (link.restriction, link.restriction_reason) == ("unknown", "doubt")
    client = lead(school)
    page = get(client, AT + f"restrictions/{link.pk}/")
    assert "came in beside this child, and may be an adult below under another name" in page
    assert ("Yes, this is Bo Marsh" in page, "bo@example.org" in page) == (True, True)
    assert ("Dee Sample" in page, "Ana Ferris" in page) == (False, False)
    same = f"same-{links(school)['Bo Marsh'].parent_id}"
    assert post(client, AT + f"restrictions/{link.pk}/", seen=seen(page), answer=same).status_code == 302
    assert links(school)["Quinn Vale"].restriction == "do not send"


def test_a_forgotten_adult_still_waits_for_what_others_share_and_the_page_says_so(school: int) -> None:
    from everyfamily.core.actors import Actor
    from everyfamily.people.actions.keeping.forgetting import forget_adult

    link = links(school)["Dee Sample"]
    forget_adult(school, link.parent_id, by=Actor.typed("Una Marsh"), now=NOW)
    page = get(lead(school), AT + f"restrictions/{link.pk}/")
    assert "Their name is deleted, and nothing goes to them, whatever you decide." in page
    assert "Dee Sample" not in page


def test_a_doubt_about_somebody_who_is_open_since_says_that_nobody_is_left(school: int) -> None:
    client = lead(school)
    found = links(school)
    path = AT + f"restrictions/{found['Bo Marsh'].pk}/"
    assert post(client, path, seen=seen(get(client, path)), answer="may").status_code == 302
    page = get(client, AT + f"restrictions/{found['B Marsh'].pk}/")
    assert "nobody to compare them with" in page
    assert "Look at both" not in page


def test_whether_it_is_the_same_adult_is_asked_only_where_that_is_the_doubt(city: City) -> None:
    closed = adult("P1", "Bo Marsh", RESTRICTION="do not send")
    school = city.school(
        URN, [closed, adult("P2", "Bo Marsh", CLASS="7C", RESTRICTION="hold", EMAIL="b@example.org")]
    )
    client = lead(school)
    held = next(
        int(one) for one in re.findall(r"/restrictions/(\d+)/", get(client, AT + "restrictions/?reason=hold"))
    )
    page = get(client, AT + f"restrictions/{held}/")
    assert "Is this the same adult?" not in page
    before = rows(school)
    for one in range(1, 4):
        answer = post(client, AT + f"restrictions/{held}/", seen=seen(page), answer=f"same-{one}")
        assert "Choose whether they may have the letter." in answer.content.decode()
    assert changed(school, before) == {}


def test_a_no_alone_opens_nobody(school: int) -> None:
    client = lead(school)
    one = links(school)["B Marsh"].pk
    path = AT + f"restrictions/{one}/"
    mark = seen(get(client, path))
    before = rows(school)
    asked = post(client, path, seen=mark, answer="else")
    text = asked.content.decode()
    assert (asked.status_code, changed(school, before)) == (200, {})
    assert "May this adult have the letter?" in text
    assert post(client, path, seen=seen(text), answer="else", may="may").status_code == 302
    assert links(school)["B Marsh"].restriction == "none"


def test_several_are_decided_about_only_where_the_file_is_silent(school: int) -> None:
    client = lead(school)
    page = get(client, AT + "restrictions/several/")
    shown = re.findall(r'name="link" id="link-\d+" value="(\d+\.\w+)"', page)
    names = {one.pk: name for name, one in links(school).items()}
    assert {names[int(one.split(".")[0])] for one in shown} == {"Ana Ferris", "Ben Quill", "Cal Ombre"}
    before = rows(school)
    said = {"which": "ticked", "answer": "may", "reason": "looked at each file", "seen": seen(page)}
    done = post(client, AT + "restrictions/several/", link=shown[:2], **said)
    assert done.status_code == 302, done.content.decode()
    assert changed(school, before) == {"events": 3, "decisions": 1}
    assert [links(school)[name].restriction for name in ("Ana Ferris", "Ben Quill", "Cal Ombre")] == [
        *("none", "none", "unknown")
    ]
    before = rows(school)
    again = post(client, AT + "restrictions/several/", link=shown[:2], **said)
    assert (again.status_code, changed(school, before)) == (302, {})


def test_a_form_that_names_another_kind_opens_nobody(school: int) -> None:
    client = lead(school)
    found = links(school)
    before = rows(school)
    for name in ("B Marsh", "Dee Sample", "Bo Marsh"):
        said = {"which": "ticked", "answer": "may", "reason": "x"}
        done = post(client, AT + "restrictions/several/", link=[f"{found[name].pk}.x"], **said)
        assert done.status_code == 409, name
    assert changed(school, before) == {}


def test_all_of_a_class_are_refused_if_another_lead_decided_meanwhile(school: int) -> None:
    una, sam = lead(school), lead(school, "Sam Ferris")
    child = links(school)["Ben Quill"].pupil_id
    path = AT + f"restrictions/several/?class_of={child}"
    said = {"which": "all", "answer": "must-not", "reason": "looked", "seen": seen(get(una, path))}
    one = links(school)["Cal Ombre"].pk
    post(sam, AT + f"restrictions/{one}/", seen=seen(get(sam, AT + f"restrictions/{one}/")), answer="may")
    before = rows(school)
    refused = post(una, path, **said)
    assert (refused.status_code, changed(school, before)) == (409, {})
    assert "Cal Ombre" not in refused.content.decode()
    assert 'value="looked"' in refused.content.decode()
    assert post(una, path, **said | {"seen": seen(refused.content.decode())}).status_code == 302
    assert [links(school)[name].restriction for name in ("Ben Quill", "Cal Ombre", "Ana Ferris")] == [
        *("do not send", "none", "unknown")
    ]


def test_after_the_last_one_nothing_waits(city: City) -> None:
    school = city.school(URN, [adult("P4", "Ana Ferris", **SILENT)])
    client = lead(school)
    one = links(school)["Ana Ferris"].pk
    mark = seen(get(client, AT + f"restrictions/{one}/"))
    done = post(client, AT + f"restrictions/{one}/", seen=mark, answer="may")
    assert done.headers["Location"] == AT + f"restrictions/?saved={one}"
    assert "Nothing waits." in get(client, AT + "restrictions/")


def test_parents_and_carers_are_said_one_or_several_and_put_right(city: City) -> None:
    import json

    from click.testing import CliRunner

    from everyfamily.cli.main import main

    school = city.school(URN, [adult(f"P{n}", f"Ana {'abc'[n]}", **UNCLEAR) for n in range(3)])
    client = lead(school)
    page = get(client, AT + "parents/")
    said = json.loads(CliRunner().invoke(main, ["parents", "list", "--school", str(URN), "--json"]).output)
    assert f"Wait for you <span>({len(said)})</span>" in page
    shown = re.findall(r'name="link" id="link-\d+" value="(\d+\.\w+)"', page)
    assert len(shown) == len(said) == 3
    before = rows(school)
    assert post(client, AT + "parents/", link=shown[:2], answer="yes").status_code == 302
    assert changed(school, before) == {"events": 2, "decisions": 1}
    before = rows(school)
    assert post(client, AT + "parents/", link=shown[:2], answer="yes").status_code == 302
    assert post(client, AT + "parents/", answer="yes").status_code == 422
    assert post(client, AT + "parents/", link=shown[2:]).status_code == 422
    assert post(lead(school, "Sam Ferris"), AT + "parents/", link=shown[:1], answer="no").status_code == 409
    assert changed(school, before) == {}
    again = re.findall(r'value="(\d+\.\w+)"', get(client, AT + "parents/?show=said"))
    assert len(again) == 2
    assert post(client, AT + "parents/?show=said", link=again[:1], answer="no").status_code == 302
    assert {one.parent_or_carer for one in links(school).values()} == {"yes", "no", ""}


def test_a_child_is_found_by_a_posted_id_and_addressed_by_number(school: int) -> None:
    client = lead(school)
    number = links(school)["Ana Ferris"].pupil_id
    done = post(client, AT + "children/", own_id=" P4 ")
    assert done.headers["Location"] == AT + f"children/{number}/"
    page = get(client, done.headers["Location"])
    assert ("Ana Ferris" in page, "7B" in page, "P4" in page) == (True, True, True)
    title = re.search("<title>(.*)</title>", page)[1]  # type: ignore[index]
    assert not {"P4", "Ferris", "7B"} & set(title.split())
    assert post(client, AT + "children/", own_id="P99").status_code == 422


def test_a_child_is_found_by_what_a_person_means_and_two_that_fit_are_both_shown(city: City) -> None:
    rows = [adult(own_id, f"Ana Ferris{n}") for n, own_id in enumerate(("S-006433", "12", "0012", "77"))]
    client = lead(city.school(URN, rows))
    found = post(client, AT + "children/", own_id="s6433")
    assert found.status_code == 302
    page = get(client, found.headers["Location"])
    assert "The id is not quite as you typed it." in page
    assert "S-006433" in page
    assert "not quite" not in get(client, post(client, AT + "children/", own_id="77").headers["Location"])
    two = post(client, AT + "children/", own_id="12")
    assert two.status_code == 200
    text = two.content.decode()
    assert re.findall(r'own-id" href="/schools/900001/children/[0-9]+/">([^<]*)<', text) == ["12", "0012"]
    assert "2 children fit what you typed" in text


def test_a_death_is_asked_twice_and_can_be_taken_back(school: int) -> None:
    client = lead(school)
    number = links(school)["Ana Ferris"].pupil_id
    path = AT + f"children/{number}/died/"
    page = get(client, path)
    assert ("P4" in page, "7B" in page) == (True, True)
    before = rows(school)
    assert post(client, path, seen=seen(page)).status_code == 422
    assert changed(school, before) == {}
    assert post(client, path, seen=seen(page), checked="yes").status_code == 302
    # The event of the death, and of what is purged with it.
    assert changed(school, before) == {"events": 2, "decisions": 1, "here": -1, "adults": -1}
    before = rows(school)
    assert post(client, path, seen=seen(page), checked="yes").status_code == 409
    assert changed(school, before) == {}
    assert "It was the wrong child: take it back" in get(client, AT + f"children/{number}/")
    assert post(client, path + "mistake/").status_code == 302
    assert changed(school, before) == {"events": 1, "decisions": 1, "here": 1}
    before = rows(school)
    assert post(client, path + "mistake/").status_code == 302
    assert changed(school, before) == {}


def test_brothers_and_sisters_leave_together_or_not_at_all(city: City) -> None:
    rows_ = [adult(one, "Ana Ferris", EMAIL="ana@example.org") for one in ("P1", "P2")]
    school = city.school(URN, [*rows_, adult("P3", "Ben Quill")])
    client = lead(school)
    number = int(post(client, AT + "children/", own_id="P1").headers["Location"].split("/")[-2])
    path = AT + f"children/{number}/left/"
    page = get(client, path)
    also = re.findall(r'name="also" id="also-\d+" value="(\d+\.\w+)"', page)
    assert len(also) == 1
    before = rows(school)
    assert post(client, path, seen=seen(page), answer="left", on="tomorrow", also=also).status_code == 422
    stranger = links(school)["Ben Quill"].pupil_id
    said = {"seen": seen(page), "answer": "left", "on": "2026-03-02"}
    assert post(client, path, also=[f"{stranger}.x"], **said).status_code == 404
    assert changed(school, before) == {}
    assert post(client, path, also=also, **said).status_code == 302
    assert changed(school, before)["here"] == -2
    assert changed(school, before)["adults"] == -1


def test_proposed_leavers_are_confirmed_or_kept_several_at_once(city: City) -> None:
    import json

    from click.testing import CliRunner

    from everyfamily.cli.main import main

    people = [adult(f"P{n}", f"Ana {'abcdefghijkl'[n]}") for n in range(12)]
    school = city.school(URN, people)
    city.import_rows(URN, people[:9], NOW + timedelta(days=1))
    client, other = lead(school), lead(school, "Sam Ferris")
    page = get(client, AT + "children/leavers/")
    said = json.loads(CliRunner().invoke(main, ["leavers", "list", "--school", str(URN), "--json"]).output)
    shown = re.findall(r'name="child" id="child-\d+" value="(\d+\.\w+)"', page)
    assert len(shown) == len(said) == 3
    before = rows(school)
    assert post(other, AT + "children/leavers/", child=shown[:1], answer="here").status_code == 302
    assert changed(school, before) == {"events": 1, "decisions": 1}
    before = rows(school)
    leave = {"answer": "left", "on": "2026-03-02"}
    late = post(client, AT + "children/leavers/", child=shown, at=shown_at(page), **leave)
    assert (late.status_code, changed(school, before)) == (409, {})
    assert re.search(r"While this page was open:.*<li>Sam Ferris [^<]*, \d", late.content.decode(), re.DOTALL)
    assert post(client, AT + "children/leavers/", child=shown[1:], **leave).status_code == 302
    assert changed(school, before)["here"] == -2
    assert changed(school, before)["tasks"] == -1
    assert "Nothing waits." in get(client, AT + "children/leavers/")


def test_an_adult_objects_wants_nothing_by_one_way_and_takes_it_back(city: City) -> None:
    school = city.school(
        URN, [adult("P1", "Ana Ferris", EMAIL="ana@example.org"), adult("P2", "Ana Ferris", CLASS="7C")]
    )
    client = lead(school)
    one = links(school)["Ana Ferris"]
    path = AT + f"children/{one.pupil_id}/adults/{one.parent_id}/"
    before = rows(school)
    assert post(client, path, act="objects").status_code == 302
    page = get(client, path)
    assert "Of the same name, at another address." in page
    assert changed(school, before)["decisions"] == 1
    before = rows(school)
    assert post(client, path, act="objects").status_code == 302
    assert changed(school, before) == {}
    assert post(client, path, act="wants").status_code == 302
    assert post(client, path, act="not-text").status_code == 302
    assert "Nothing by text message" in get(client, path)
    assert post(client, path, act="again-text").status_code == 302
    assert changed(school, before) == {"events": 3, "decisions": 3}
    assert post(client, path, act="not-pigeon").status_code == 422


def test_an_order_is_recorded_about_brothers_and_sisters_in_one_transaction(city: City) -> None:
    own = [adult(one, "Cal Ombre", EMAIL="cal@example.org", CLASS=f"7{one}") for one in ("A", "B", "C")]
    school = city.school(URN, [*own, adult("D", "Ben Quill")])
    client = lead(school)
    path = AT + f"restrictions/{links(school)['Cal Ombre'].pk}/"
    page = get(client, path)
    also = re.findall(r'name="also" id="also-\d+" value="(\d+\.\w+)"', page)
    assert len(also) == 2
    stranger = f"{links(school)['Ben Quill'].pk}.x"
    before = rows(school)
    assert post(client, path, seen=seen(page), answer="must-not", also=[stranger]).status_code == 404
    assert (
        post(client, path, seen=seen(page), answer="must-not", also=[also[0].split(".")[0] + ".x"]).status_code
        == 409
    )
    assert changed(school, before) == {}
    assert post(client, path, seen=seen(page), answer="must-not", also=also[:1]).status_code == 302
    assert changed(school, before) == {"events": 2, "decisions": 1}
    assert sorted(restrictions_of(school, "Cal Ombre")) == ["do not send", "do not send", "none"]
    # Nothing is opened for several children at once.
    page = get(client, path)
    assert post(client, path, seen=seen(page), answer="may", also=also).status_code == 302
    assert sorted(restrictions_of(school, "Cal Ombre")) == ["do not send", "none", "none"]


def restrictions_of(school_id: int, name: str) -> list[str]:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    parent = links(school_id)[name].parent_id
    with tenant(school_id):
        return list(Care.objects.filter(parent_id=parent).values_list("restriction", flat=True))


def open_tasks(school_id: int) -> list[str]:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import RollTask

    with tenant(school_id):
        return list(RollTask.objects.filter(closed_at=None).order_by("kind").values_list("kind", flat=True))


def test_a_code_that_no_table_knows_is_asked_about_until_somebody_says_what_the_adult_is(city: City) -> None:
    people = [
        adult("P1", "Ana Ferris", RELATIONSHIP="XQ", **UNCLEAR),
        # The file says it, whatever the code means.
        adult("P2", "Ben Quill", RELATIONSHIP="XQ"),
    ]
    school = city.school(URN, people)
    assert "relationship" in open_tasks(school)
    client = lead(school)
    [shown] = re.findall(r'name="link" id="link-\d+" value="(\d+\.\w+)"', get(client, AT + "parents/"))
    assert post(client, AT + "parents/", link=[shown], answer="no").status_code == 302
    assert "relationship" not in open_tasks(school)
    city.import_rows(URN, people, NOW + timedelta(days=1))
    assert "relationship" not in open_tasks(school)


def test_of_two_leads_at_the_same_moment_one_decides(school: int) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from django.db import connections

    clients = lead(school), lead(school, "Sam Ferris")
    one = links(school)["Ana Ferris"].pk
    path = AT + f"restrictions/{one}/"
    mark = seen(get(clients[0], path))
    before, both = rows(school), Barrier(2)

    def decide(at: int) -> int:
        both.wait()
        try:
            return int(post(clients[at], path, seen=mark, answer=("may", "must-not")[at]).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, (0, 1))) == [302, 409]
    assert changed(school, before) == {"events": 1, "decisions": 1}


HOMES = [
    adult("P1", "Ana Ferris", ADDRESS_1="Flat 2", ADDRESS_2="5 Lantern Row", POSTCODE="EM4 7QX"),
    adult("P2", "Ben Quill", RESTRICTION="do not send", ADDRESS_1="5 Lantern Row", POSTCODE="EM4 7QX"),
]


def test_homes_are_one_or_two_and_each_answer_takes_the_other_back(city: City) -> None:
    from click.testing import CliRunner

    from everyfamily.cli.main import main
    from everyfamily.people.actions.decided.shared_homes import shared_ways

    school = city.school(URN, HOMES)
    client = lead(school)
    [way] = shared_ways(school, now=NOW)
    assert (way.is_doubted, open_tasks(school)) == (True, ["shared home"])
    page = get(client, AT + "restrictions/homes/")
    path = AT + f"restrictions/homes/{way.way}/{way.shut}/"
    assert path in page
    assert "Flat 2" in get(client, path)
    before = rows(school)
    assert post(client, path).status_code == 422
    assert post(client, path, answer="wait").status_code == 302
    assert changed(school, before) == {}

    assert post(client, path, answer="one").status_code == 302
    assert changed(school, before) == {"events": 1, "decisions": 1, "tasks": -1}
    assert [one.is_doubted for one in shared_ways(school, now=NOW)] == [False]
    before = rows(school)
    assert post(client, path, answer="one").status_code == 302
    assert changed(school, before) == {}
    city.import_rows(URN, HOMES, NOW + timedelta(days=1))
    assert open_tasks(school) == []

    assert post(client, path, answer="two").status_code == 302
    assert shared_ways(school, now=NOW) == []
    assert path in get(client, AT + "restrictions/homes/?show=apart")
    before = rows(school)
    assert post(client, path, answer="two").status_code == 302
    assert changed(school, before) == {}

    said = ["restrictions", "one-home", "--school", str(URN), "--way", str(way.way), "--from", str(way.shut)]
    assert "is one home" in CliRunner().invoke(main, [*said, "--by", "Una Marsh"]).output
    assert "already recorded" in CliRunner().invoke(main, [*said, "--by", "Una Marsh"]).output
    assert path in get(client, AT + "restrictions/homes/?show=sure")
    assert open_tasks(school) == []
