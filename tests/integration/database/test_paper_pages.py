"""Paper by the school's pages: print what may go home, say who got it, bin what was withdrawn."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from click.testing import CliRunner

from everyfamily.core.accounting.coverage import Outcome
from everyfamily.core.actors import Actor
from everyfamily.core.permissions import Role
from tests.factories.city import NOW, REFERENCE, City, adult
from tests.factories.doors import open_doors
from tests.factories.kept import kept_city
from tests.factories.signed_in import signed_in

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN, OTHER = 900001, 900002
NEXT_DAY = NOW + timedelta(days=1)
TODAY = NEXT_DAY.date().isoformat()
ORDER = ["pupil post"]


@pytest.fixture(autouse=True)
def _doors(city: City, tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path, EVERYFAMILY_CLOCK="database"):
        yield


NAMES = {"P1": "Ana Ferris", "P2": "Mo Reed", "P3": "Joy Hartley", "Q1": "Bea Sund", "Q2": "Tom Vale"}


def children(*ids: str, group: str = "4B") -> list[dict[str, str]]:
    return [adult(one, NAMES.get(one, f"Adult Of {one}"), CLASS=group) for one in ids]


@kept_city
def printed(city: City) -> None:
    """Three copies in class 4B and two in 10A of one school, and one in 4B of another. It is the day after."""
    from everyfamily_demo.clock import set_simulated

    city.school(URN, [*children("P1", "P2", "P3"), *children("Q1", "Q2", group="10A")], order=ORDER)
    city.school(OTHER, children("Z1"), order=ORDER)
    city.open()
    city.send()
    set_simulated(NEXT_DAY)


def office(city: City, urn: int = URN, name: str = "Priya Nand") -> Client:
    return signed_in(Role.OFFICE, name, school_id=city.schools[urn])


def path(city: City, rest: str = "", urn: int = URN) -> str:
    return f"/schools/{urn}/hand-outs/{city.mailing}/{rest}"


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address, secure=True)
    assert answer.status_code == status, (address, answer.status_code, answer.headers.get("Location"))
    return answer.content.decode()


def post(client: Client, address: str, form: Any, status: int = 302) -> str:
    answer = client.post(address, form, secure=True)
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer.content.decode()


def text(page: str) -> str:
    """What a person reads on a page."""
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def classes(page: str) -> dict[str, int]:
    """The classes on a page, with the number in their ticks."""
    found = re.findall(r'<th scope="row">([^<]+).*?/class/([0-9]+)/"', page, re.S)
    return {name: int(number) for name, number in found}


def ticks(page: str, *names: str) -> list[str]:
    """What the ticks of these classes send."""
    found = dict(
        re.findall(
            r'<th scope="row">([^<]+)(?:(?!</tr>).)*? name="class" type="checkbox" value="([^"]+)"', page, re.S
        )
    )
    return [found[name] for name in names]


def the_form(page: str) -> dict[str, Any]:
    """What the page's last form would send as it stands: hidden values, and what is chosen already."""
    form: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="([a-z0-9-]+)" value="([^"]*)"', page):
        if name != "csrfmiddlewaretoken":
            form.setdefault(name, []).append(value)
    form["on"] = re.search(r'<option value="([0-9-]+)"', page)[1] if "<select" in page else ""  # type: ignore[index]
    return form


def numbers_of_children(page: str) -> dict[str, int]:
    found = re.findall(r'<th scope="row">([^<]+)</th><td>.*?name="said-([0-9]+)"', page)
    return {own_id: int(number) for own_id, number in found}


def waiting(city: City, urn: int = URN) -> dict[str, int]:
    from everyfamily.mailings.actions.paper.hand_outs import hand_outs_waiting

    return {one.group: one.copies for one in hand_outs_waiting(city.schools[urn], now=NEXT_DAY)}


def test_a_class_is_handed_out_in_two_presses(printed: City) -> None:
    priya = office(printed)
    assert "Paper" in text(page(priya, f"/schools/{URN}/"))
    one = page(priya, path(printed))
    assert "Paper for 2 classes" in text(one)
    assert list(classes(one)) == ["4B", "10A"], "in the order in which people count"
    form = the_form(one) | {"class": ticks(one, "4B")}
    post(priya, path(printed), form)
    after = text(page(priya, path(printed)))
    assert "Recorded: 3 handed out." in after
    assert "Paper for 1 class" in after
    assert waiting(printed) == {"10A": 2}
    printed.send(NEXT_DAY)
    assert printed.coverage(NEXT_DAY).total.outcomes[Outcome.REACHED] == 3
    assert "Recorded" not in text(page(priya, path(printed))), "it is said once"


def test_paper_waits_on_the_desk_from_the_day_it_is_printed_until_all_is_said(printed: City) -> None:
    priya = office(printed)
    for home in ("/", f"/schools/{URN}/"):
        shown = page(priya, home)
        assert "Print the paper letters and hand them out" in text(shown)
        assert "By Tuesday 9 March" in text(shown)
        assert f'href="/schools/{URN}/hand-outs/"' in shown
    one = page(priya, path(printed))
    post(priya, path(printed), the_form(one) | {"class": ticks(one, "4B", "10A")})
    assert "Print the paper letters" not in text(page(priya, "/"))
    assert "Print the paper letters" in text(page(office(printed, OTHER, "Kit Vale"), "/"))


def test_late_paper_waits_once_and_paused_paper_not_at_all(printed: City) -> None:
    from everyfamily.mailings.actions.paper.hand_outs import ask_leads
    from everyfamily.mailings.actions.sending.pausing import pause_mailing

    priya = office(printed)
    ask_leads(NOW + timedelta(days=8))
    assert "Print the paper letters" not in text(page(priya, "/"))
    assert "Hand out the paper letters" in text(page(priya, "/"))
    kit = office(printed, OTHER, "Kit Vale")
    pause_mailing(printed.mailing, why="a number is dead", by=Actor.typed("Ines Ortega"), now=NEXT_DAY)
    assert "Print the paper letters" not in text(page(kit, "/"))


def test_the_audit_trail_names_the_person_and_only_counts(printed: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    priya = office(printed)
    one = page(priya, path(printed))
    post(priya, path(printed), the_form(one) | {"class": ticks(one, "4B")})
    with tenant(printed.schools[URN]):
        [event] = AuditEvent.objects.filter(action="record hand-outs")
        assert (event.actor, event.actor_account) == ("Priya Nand", priya.account)  # type: ignore[attr-defined]
        assert event.detail == {"handed over": 3}


def test_pressed_twice_it_is_recorded_once(printed: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    priya = office(printed)
    one = page(priya, path(printed))
    form = the_form(one) | {"class": ticks(one, "4B")}
    post(priya, path(printed), form)
    post(priya, path(printed), form)
    assert "recorded before, and nothing changed" in text(page(priya, path(printed)))
    with tenant(printed.schools[URN]):
        assert AuditEvent.objects.filter(action="record hand-outs").count() == 1


def test_a_list_that_grew_meanwhile_is_refused_and_shown_again(printed: City) -> None:
    priya = office(printed)
    before = page(priya, path(printed))
    printed.import_rows(URN, [*children("P1", "P2", "P3", "P4"), *children("Q1", "Q2", group="10A")], NEXT_DAY)
    printed.attest(URN, NEXT_DAY)
    printed.send(NEXT_DAY)
    assert waiting(printed) == {"4B": 4, "10A": 2}
    form = the_form(before) | {"class": ticks(before, "4B", "10A")}
    shown = post(priya, path(printed), form, status=409)
    assert "has changed since you opened this page" in text(shown)
    assert shown.count(" checked") == 2, "what was ticked is kept"
    assert "All 4 handed out" in text(shown)
    assert waiting(printed) == {"4B": 4, "10A": 2}, "all of it or nothing"
    post(priya, path(printed), the_form(shown) | {"class": ticks(shown, "4B", "10A")})
    assert waiting(printed) == {}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"class": []}, "No class is ticked"),
        ({"on": "2027-02-30"}, "none of those that can be chosen"),
        ({"on": (NEXT_DAY.date() + timedelta(days=1)).isoformat()}, "none of those that can be chosen"),
        ({"on": (NOW.date() - timedelta(days=1)).isoformat()}, "before it was printed"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_is_kept(
    printed: City, change: dict[str, Any], words: str
) -> None:
    priya = office(printed)
    one = page(priya, path(printed))
    shown = post(priya, path(printed), the_form(one) | {"class": ticks(one, "4B")} | change, status=422)
    assert words in text(shown)
    assert "<title>Error: " in shown
    assert waiting(printed) == {"4B": 3, "10A": 2}


def test_children_of_a_class_are_told_apart_by_the_schools_own_ids(printed: City) -> None:
    priya = office(printed)
    of_class = path(printed, f"class/{classes(page(priya, path(printed)))['4B']}/")
    one = page(priya, of_class)
    assert not any(name in one for name in NAMES.values())
    number = numbers_of_children(one)
    form = the_form(one) | {f"said-{number['P2']}": "no", f"said-{number['P3']}": "later", "others": "yes"}
    post(priya, of_class, form)
    assert "Recorded: 1 handed out, 1 not handed out." in text(page(priya, path(printed)))
    assert waiting(printed) == {"4B": 1, "10A": 2}
    again = page(priya, of_class)
    assert f'name="said-{number["P1"]}" value="back"' in again
    assert f'name="said-{number["P2"]}" value="yes"' in again
    form = the_form(again) | {f"said-{number['P1']}": "back", f"said-{number['P2']}": "yes", "others": "later"}
    post(priya, of_class, form)
    assert "1 handed out, 1 came back" in text(page(priya, path(printed)))
    post(priya, of_class, form)
    assert "recorded before" in text(page(priya, path(printed)))


def test_a_blank_class_page_records_nothing(printed: City) -> None:
    priya = office(printed)
    of_class = path(printed, f"class/{classes(page(priya, path(printed)))['4B']}/")
    shown = post(priya, of_class, the_form(page(priya, of_class)) | {"others": "later"}, status=422)
    assert "Nothing is marked" in text(shown)
    assert waiting(printed) == {"4B": 3, "10A": 2}


def test_a_class_that_changed_meanwhile_is_refused_with_what_was_marked(printed: City) -> None:
    priya, sam = office(printed), office(printed, name="Sam Okafor")
    of_class = path(printed, f"class/{classes(page(priya, path(printed)))['4B']}/")
    one = page(priya, of_class)
    number = numbers_of_children(one)
    post(sam, of_class, the_form(page(sam, of_class)) | {f"said-{number['P1']}": "no"})
    form = the_form(one) | {f"said-{number['P2']}": "no", "others": "yes"}
    shown = post(priya, of_class, form, status=409)
    assert "has changed since you opened this page" in text(shown)
    assert re.search(rf'name="said-{number["P2"]}" value="no" checked', shown)
    assert waiting(printed) == {"4B": 2, "10A": 2}


def test_the_numbers_are_those_of_the_command(printed: City) -> None:
    from everyfamily.cli.main import main

    priya = office(printed)
    one = page(priya, path(printed))
    shown = dict(re.findall(r'<th scope="row">(\w+)<.*?data-l="To hand out">([0-9]+)<', one, re.S))
    said = CliRunner().invoke(main, ["hand-outs", "list", "--school", str(URN), "--json"])
    assert (
        {row["group"]: str(row["copies"]) for row in json.loads(said.output)} == shown == {"4B": "3", "10A": "2"}
    )


# ---- printing --------------------------------------------------------------------------------------------------


def pdf(client: Client, address: str) -> bytes:
    answer = client.get(address, secure=True)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == f'inline; filename="paper-{REFERENCE}.pdf"'
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def words_in(data: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    return "\n".join(one.get_textpage().get_text_bounded() for one in document)


def test_all_classes_or_one_are_printed_with_a_cover_for_each(printed: City) -> None:
    priya = office(printed)
    one = page(priya, path(printed))
    every = pdf(priya, path(printed, "print/"))
    with pikepdf.open(io.BytesIO(every)) as opened:
        # A cover sheet of a page and a blank one, then copies of two pages.
        assert len(opened.pages) == (2 + 3 * 2) + (2 + 2 * 2)
    words = words_in(every)
    assert words.index("Class 4B") < words.index("Class 10A")
    assert not any(name in words for name in NAMES.values())
    of_class = pdf(priya, path(printed, f"class/{classes(one)['10A']}/print/"))
    assert "Class 4B" not in words_in(of_class)
    assert all(own in words_in(of_class) for own in ("Q1", "Q2"))


def test_only_what_waits_and_may_go_home_is_printed(printed: City) -> None:
    priya = office(printed)
    one = page(priya, path(printed))
    post(priya, path(printed), the_form(one) | {"class": ticks(one, "10A")})
    keep_back(printed, "P1")
    shown = page(priya, path(printed))
    assert "Keep 1 copy back" in text(shown)
    assert "All 2 handed out, 1 kept back" in text(shown)
    words = words_in(pdf(priya, path(printed, "print/")))
    assert "Class 10A" not in words
    assert "P2" in words
    assert "P1" not in words
    post(priya, path(printed), the_form(shown) | {"class": ticks(shown, "4B")})
    assert "Recorded: 2 handed out, 1 not handed out." in text(page(priya, path(printed)))


def keep_back(city: City, pupil: str) -> None:
    """The school decides that the adult of a child may not have the letter."""
    from tests.integration.database.test_eligibility import decide

    decide(city, pupil, "do not send")


def test_without_a_print_folder_the_page_says_so_and_the_word_is_still_taken(printed: City) -> None:
    import shutil

    shutil.rmtree(printed.folder / "outbox" / "print")
    priya = office(printed)
    one = page(priya, path(printed))
    assert "not on the machine that serves this page" in text(one)
    assert "/print/" not in one
    assert priya.get(path(printed, "print/"), secure=True).status_code == 409
    post(priya, path(printed), the_form(one) | {"class": ticks(one, "4B")})
    assert waiting(printed) == {"10A": 2}


def test_a_changed_file_is_not_printed(printed: City) -> None:
    [letter] = (printed.folder / "outbox" / "print" / "pupil-post" / f"{REFERENCE}_{URN}").glob("letter-*.pdf")
    letter.write_bytes(letter.read_bytes() + b"%")
    shown = page(office(printed), path(printed, "print/"), status=409)
    assert "not the one that was put there" in text(shown)


def test_while_a_letter_is_paused_nothing_is_printed_but_the_word_is_taken(printed: City) -> None:
    from everyfamily.mailings.actions.sending.pausing import pause_mailing

    pause_mailing(printed.mailing, why="a number is dead", by=Actor.typed("Ines Ortega"), now=NEXT_DAY)
    priya = office(printed)
    one = page(priya, path(printed))
    assert "hand nothing out" in text(one)
    assert priya.get(path(printed, "print/"), secure=True).status_code == 409
    post(priya, path(printed), the_form(one) | {"class": ticks(one, "4B")})
    assert waiting(printed) == {"10A": 2}


# ---- a withdrawn letter ----------------------------------------------------------------------------------------


@pytest.fixture
def withdrawn(printed: City) -> City:
    from everyfamily.mailings.actions.ending.withdrawing import withdraw

    withdraw(REFERENCE, why="the number is dead", by=Actor.typed("Ines Ortega"), now=NEXT_DAY)
    return printed


def open_tasks(city: City, urn: int = URN) -> list[str]:
    from everyfamily.mailings.models import PersonTask
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[urn]):
        return sorted(PersonTask.objects.filter(closed_at=None).values_list("kind", flat=True))


def test_copies_of_a_withdrawn_letter_are_binned_and_the_task_is_closed(withdrawn: City) -> None:
    priya = office(withdrawn)
    home = page(priya, f"/schools/{URN}/")
    assert f'href="/schools/{URN}/hand-outs/"' in home
    one = page(priya, path(withdrawn))
    assert "Bin 5 copies" in text(one)
    assert "All 3 handed out" not in text(one)
    of_class = path(withdrawn, f"class/{classes(one)['4B']}/")
    number = numbers_of_children(page(priya, of_class))
    post(priya, of_class, the_form(page(priya, of_class)) | {f"said-{number['P1']}": "yes", "on": NOW.date()})
    one = page(priya, path(withdrawn))
    assert "They are in the bin: 4 copies" in text(one)
    post(priya, path(withdrawn, "bin/"), {"seen": "what it was before"}, status=409)
    form = {"seen": the_form(one)["seen"]}
    post(priya, path(withdrawn, "bin/"), form)
    assert "Recorded: 4 not handed out." in text(page(priya, path(withdrawn)))
    assert open_tasks(withdrawn) == []
    assert open_tasks(withdrawn, OTHER) == ["bin copies"], "another school's copies are its own"
    post(priya, path(withdrawn, "bin/"), form)
    assert "recorded before" in text(page(priya, path(withdrawn)))


def test_a_withdrawn_letter_is_neither_printed_nor_handed_out(withdrawn: City) -> None:
    priya = office(withdrawn)
    one = page(priya, path(withdrawn))
    answer = priya.get(path(withdrawn, "bin-sheet/"), secure=True)
    assert answer.status_code == 200
    assert "4B" in words_in(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert priya.get(path(withdrawn, "print/"), secure=True).status_code == 409
    form = {"class": [f"{classes(one)['4B']}-x"], "on": TODAY}
    assert "withdrawn" in text(post(priya, path(withdrawn), form, status=409))
    assert waiting(withdrawn) == {"4B": 3, "10A": 2}


def test_a_letter_that_goes_on_is_not_binned(printed: City) -> None:
    priya = office(printed)
    post(priya, path(printed, "bin/"), {"seen": ""}, status=409)
    assert priya.get(path(printed, "bin-sheet/"), secure=True).status_code == 409
    assert waiting(printed) == {"4B": 3, "10A": 2}


# ---- whose it is -----------------------------------------------------------------------------------------------


def test_another_schools_mailing_class_and_child_are_not_there(printed: City) -> None:
    """Every number of another school, in an address and in a form: 404 or refused, and nothing changes anywhere."""
    theirs = classes(page(office(printed, OTHER, "Kit Vale"), path(printed, urn=OTHER)))["4B"]
    priya = office(printed)
    for address in (f"class/{theirs}/", f"class/{theirs}/print/", "class/999999/"):
        page(priya, path(printed, address), status=404)
        assert priya.post(path(printed, address), {"others": "yes"}, secure=True).status_code == 404
    for number in (printed.mailing + 1, 999999):
        for rest in ("", "print/", "bin-sheet/"):
            page(priya, f"/schools/{URN}/hand-outs/{number}/{rest}", status=404)
        post(priya, f"/schools/{URN}/hand-outs/{number}/bin/", {}, status=404)
    page(priya, path(printed, urn=OTHER), status=404)
    mine = page(priya, path(printed))
    post(priya, path(printed), the_form(mine) | {"class": [f"{theirs}-x"]}, status=409)
    of_class = path(printed, f"class/{classes(mine)['4B']}/")
    form = the_form(page(priya, of_class)) | {"shown": [str(theirs)], f"said-{theirs}": "yes", "others": "yes"}
    post(priya, of_class, form, status=422)
    assert waiting(printed) == {"4B": 3, "10A": 2}
    assert waiting(printed, OTHER) == {"4B": 1}


def test_nothing_of_a_file_is_in_an_address_or_a_title(printed: City) -> None:
    priya = office(printed)
    one = page(priya, path(printed))
    of_class = page(priya, path(printed, f"class/{classes(one)['4B']}/"))
    for shown in (one, of_class):
        outside = [*re.findall(r'(?:href|action)="([^"]*)"', shown), *re.findall(r"<title>(.*?)</title>", shown)]
        assert not any(word in address for address in outside for word in ("4B", "10A", "P1", "Q1", "Ana"))


def test_a_school_without_paper_is_told_so(city: City) -> None:
    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    city.school(URN, children("P1"), order=["email"])
    assert "No paper waits" in text(page(office(city), f"/schools/{URN}/hand-outs/"))


def many(city: City, count: int, urn: int) -> None:
    rows: list[dict[str, str]] = []
    for number in range(count):
        rows += children(f"N{number}", group=f"{number % 7}{'ABCDEFGHIJ'[number // 7 % 10]}")
    city.school(urn, rows, order=ORDER)


def test_the_pages_take_as_many_queries_at_ten_times_the_paper(city: City) -> None:
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    from everyfamily_demo.clock import set_simulated

    many(city, 8, URN)
    many(city, 80, OTHER)
    city.open()
    city.send()
    set_simulated(NEXT_DAY)
    counts: list[list[int]] = []
    for urn in (URN, OTHER):
        client = office(city, urn, f"S{urn} Office")
        one = page(client, path(city, urn=urn))
        of_class = path(city, f"class/{next(iter(classes(one).values()))}/", urn)
        counts.append([])
        for address in (path(city, urn=urn), of_class):
            with (
                CaptureQueriesContext(connections["default"]) as mine,
                CaptureQueriesContext(connections["planner"]) as planner,
            ):
                assert len(page(client, address)) < 60_000
            asked = [*mine.captured_queries, *planner.captured_queries]
            # Only a test and the demonstration ask a table for the time.
            counts[-1].append(sum("simulatedclock" not in one["sql"] for one in asked))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 15, counts


def test_more_than_fifty_classes_come_in_pages(city: City) -> None:
    from everyfamily_demo.clock import set_simulated

    many(city, 60, URN)
    city.open()
    city.send()
    set_simulated(NEXT_DAY)
    priya = office(city)
    first = page(priya, path(city))
    following = re.search(r'href="\?after=([0-9]+)"', first)
    assert following
    second = page(priya, path(city, f"?after={following[1]}"))
    assert len(classes(first)) == 50
    assert len(classes(second)) == 10
    assert not classes(first).keys() & classes(second).keys()
    post(priya, path(city), the_form(first) | {"class": ticks(first, *classes(first))})
    assert sum(waiting(city).values()) == 10


def test_more_than_fifty_children_of_a_class_come_in_pages_and_all_of_one_is_said_at_once(city: City) -> None:
    from everyfamily_demo.clock import set_simulated

    city.school(URN, children(*(f"N{number}" for number in range(60))), order=ORDER)
    city.open()
    city.send()
    set_simulated(NEXT_DAY)
    priya = office(city)
    of_class = path(city, f"class/{classes(page(priya, path(city)))['4B']}/")
    first = page(priya, of_class)
    assert len(first) < 60_000
    every = {f"said-{number}": "no" for number in numbers_of_children(first).values()}
    post(priya, of_class, the_form(first) | every | {"others": "later"})
    assert waiting(city) == {"4B": 10}
    following = re.search(r'href="\?after=([0-9]+)"', first)
    assert following
    second = page(priya, f"{of_class}?after={following[1]}")
    assert len(numbers_of_children(second)) == 10
    post(priya, of_class, the_form(second) | {"others": "yes"})
    assert waiting(city) == {}


def another_letter(city: City) -> int:
    """A second letter of which one child of 4B has a copy too."""
    from everyfamily.letters.models import Letter
    from everyfamily.mailings.models import Attempt, Delivery, LedgerEntry, Mailing, MailingSchool
    from everyfamily.people.database.tenancy import tenant

    school, first, real = city.schools[URN], Mailing.objects.get(pk=city.mailing), Letter.objects.get()
    letter = Letter.objects.create(
        reference="ES-2704-M5T2",
        topic=real.topic,
        term="summer term 2027",
        state="approved",
        digest="0" * 64,
        record=real.record,
        composed_at=NOW,
    )
    mailing = Mailing.objects.create(
        letter=letter,
        term="summer term 2027",
        opens_at=NOW,
        closes_at=first.closes_at,
        reply_mailbox="x@example.org",
        reply_owner="x",
        ledger_key=first.ledger_key,
        started_by="x",
    )
    MailingSchool.objects.create(mailing=mailing, school_id=school, wave=1, wave_at=NOW, state="sending")
    ledger = LedgerEntry.objects.create(
        mailing=mailing, value_hash=b"x", channel="pupil post", status="accepted", changed_at=NOW
    )
    with tenant(school):
        before = Attempt.objects.filter(school_id=school).order_by("id").select_related("delivery").first()
        assert before is not None
        delivery = Delivery.objects.create(
            school_id=school, mailing=mailing, parent_id=before.delivery.parent_id, planned_at=NOW
        )
        Attempt.objects.create(
            school_id=school,
            delivery=delivery,
            option_key=before.option_key,
            channel="pupil post",
            ledger=ledger,
            status="accepted",
            created_at=NOW,
            changed_at=NOW,
        )
    return mailing.pk


def test_letters_are_kept_apart_and_wait_on_the_desk_as_one(printed: City) -> None:
    other = another_letter(printed)
    priya = office(printed)
    listed = page(priya, f"/schools/{URN}/hand-outs/")
    assert "Paper of 2 letters" in text(listed)
    counts = re.findall(r'data-l="Nothing said yet">([0-9]+)<', listed)
    assert counts == ["1", "5"], "the newest first"
    assert page(priya, "/").count(f'href="/schools/{URN}/hand-outs/"') == 1
    second = f"/schools/{URN}/hand-outs/{other}/"
    shown = page(priya, second)
    assert "1 child takes a copy home" in text(shown)
    post(priya, second, the_form(shown) | {"class": ticks(shown, next(iter(classes(shown))))})
    assert "All paper is accounted for" in text(page(priya, second))
    assert waiting(printed) == {"4B": 3, "10A": 2}
