"""A school's families in a browser: sums, filters, pages, one child, its messages, and nothing of another school."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from everyfamily.core.actors import Actor
from everyfamily.core.permissions import Role
from tests.factories.city import NOW, REFERENCE, City, address, adult
from tests.factories.doors import open_doors
from tests.factories.kept import filled
from tests.factories.signed_in import signed_in

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

OWN, ANOTHER = 900001, 900002
HOUR = timedelta(hours=1)
LEAD = Actor.typed("Dev Marchetti")


def rows(n: int) -> list[dict[str, str]]:
    """Two classes, and every kind of family that the outcomes distinguish."""
    return [
        adult(f"A{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org"),
        adult(f"B{n}", f"Bea Ferris{n}", EMAIL=f"bea{n}@example.org", RESTRICTION="do not send"),
        adult(f"C{n}", f"Cai Ferris{n}", EMAIL=f"cai{n}@example.org", RESTRICTION="hold", CLASS="8A"),
        adult(f"D{n}", f"Dan Ferris{n}", EMAIL=f"dan{n}@example.org", OBJECTS="yes", CLASS="8A"),
        adult(f"G{n}", f"Gia Ferris{n}", EMAIL=f"gia{n}@example.org"),
        adult(f"G{n}", f"Gus Ferris{n}", MOBILE=f"07700900{n + 500:03}", RELATIONSHIP="father"),
    ]


@pytest.fixture
def sent(city: City, tmp_path: Path) -> Iterator[City]:
    """Two schools in the middle of a mailing, and the product at its address."""
    from django.test import override_settings

    filled(city, _sent)
    with open_doors(tmp_path), override_settings(EVERYFAMILY_CLOCK="database"):
        yield city


def _sent(city: City) -> None:
    city.school(OWN, [row for n in range(1, 4) for row in rows(n)])
    city.school(ANOTHER, [adult("P1", "Ida Ferris", EMAIL="ida@example.org")])
    city.open()
    city.send()
    city.hear([("ana1@example.org", "delivered"), ("ana2@example.org", "permanent-failure")], NOW + HOUR)
    city.send(NOW + HOUR)


def lead(city: City, urn: int = OWN, role: Role = Role.LEAD) -> Client:
    return signed_in(role, school_id=city.schools[urn])


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(f"/schools/{OWN}/{path}", secure=True)
    assert answer.status_code == status, (path, answer.status_code)
    return str(answer.content.decode())


def command(*words: str) -> list[dict[str, Any]]:
    from everyfamily.cli.main import main

    said = CliRunner().invoke(main, ["families", "--school", str(OWN), *words, "--json"])
    assert said.exit_code == 0, said.output
    found: list[dict[str, Any]] = json.loads(said.output)
    return found


def sums(text: str) -> dict[str, int]:
    found = re.findall(r'<th scope="row"><a[^>]*>([^<]*)</a></th><td class="n"[^>]*>([0-9,]+)</td>', text)
    return {name: int(number.replace(",", "")) for name, number in found}


def listed(text: str) -> list[str]:
    return re.findall(r'class="govuk-link own-id" href="[^"]*">([^<]*)</a>', text)


def test_the_sums_are_those_of_the_command_and_add_up_to_the_roll(sent: City) -> None:
    from everyfamily.core.accounting.coverage import Outcome
    from everyfamily.reports.wording import OUTCOMES

    found = sums(page(lead(sent), "families/"))
    told = Counter(OUTCOMES[Outcome(one["outcome"])] for one in command("--reference", REFERENCE))
    assert {name: number for name, number in found.items() if number} == {**told, "All on your roll": 15}
    assert sum(told.values()) == 15


def test_each_child_has_the_words_of_the_command(sent: City) -> None:
    from everyfamily.core.accounting.coverage import NEXT, Outcome, Reason
    from everyfamily.reports.wording import OUTCOMES

    text = re.sub(r"<[^>]+>", " ", page(lead(sent), "families/"))
    for one in command("--reference", REFERENCE):
        said = OUTCOMES[Outcome(one["outcome"])]
        if one["reason"]:
            said += f": {NEXT[Reason(one['reason'])].why}"
        assert re.search(rf"\b{one['pupil_id']}\s+{one['class']}\s+{said}", text), one


def test_filters_by_outcome_reason_and_class_without_naming_the_class(sent: City) -> None:
    client = lead(sent)
    assert listed(page(client, "families/?outcome=reached")) == ["A1"]
    assert sorted(listed(page(client, "families/?reason=undecided"))) == ["C1", "C2", "C3"]
    whole = page(client, "families/")
    number = re.search(r'<option value="(\d+)">8A</option>', whole)
    assert number is not None
    assert sorted(listed(page(client, f"families/?class={number[1]}"))) == ["C1", "C2", "C3", "D1", "D2", "D3"]
    assert "No child is like that." in page(client, "families/?outcome=told_by_text")
    assert all("8A" not in address for address in re.findall(r'(?:href|action)="([^"]*)"', whole))


def test_a_filter_that_is_none_of_ours_is_not_asked_for(sent: City) -> None:
    client = lead(sent)
    for query in ("?outcome=x", "?reason=%00", "?class=9999999999999999999", "?after=-1", "?class=8A"):
        assert len(listed(page(client, f"families/{query}"))) == 15, query
    page(client, "families/?letter=77", 404)


def test_pages_of_fifty_have_every_child_once(city: City, tmp_path: Path) -> None:
    from django.test import override_settings

    city.school(OWN, [adult(f"P{n}", f"Ana Ferris{n}", CLASS=f"{n % 7}B") for n in range(120)])
    city.open()
    with open_doors(tmp_path), override_settings(EVERYFAMILY_CLOCK="database"):
        client, seen, after = lead(city), [], ""
        while after is not None:
            text = page(client, f"families/{after}")
            assert len(text) <= 60_000
            seen += listed(text)
            found = re.search(r'href="(\?[^"]*after=\d+)" rel="next"', text)
            after = found[1].replace("&amp;", "&") if found else None
        assert len(seen) == len(set(seen)) == 120


def test_a_child_is_found_by_its_own_id_which_no_address_has(sent: City) -> None:
    client = lead(sent)
    found = client.post(f"/schools/{OWN}/families/find/", {"own_id": " A2 "}, secure=True)
    assert found.status_code == 302
    assert "A2" not in found.headers["Location"]
    assert ">A2<" in client.get(found.headers["Location"], secure=True).content.decode()
    unknown = client.post(f"/schools/{OWN}/families/find/", {"own_id": "P1"}, secure=True)
    assert unknown.status_code == 422, "another school's child"
    text = unknown.content.decode()
    assert 'value="P1"' in text, "what was typed is kept"
    assert "<title>Error: " in text


def test_a_child_of_the_list_is_found_by_what_a_person_means(sent: City) -> None:
    client = lead(sent)
    found = client.post(f"/schools/{OWN}/families/find/", {"own_id": "a02"}, secure=True)
    assert found.status_code == 302
    shown = client.get(found.headers["Location"], secure=True).content.decode()
    assert "The id is not quite as you typed it." in shown
    sent.import_rows(OWN, [row for n in range(1, 4) for row in rows(n)] + [adult("A02", "Abe Ferris")])
    two = client.post(f"/schools/{OWN}/families/find/", {"own_id": "A2"}, secure=True)
    assert two.status_code == 200
    text = two.content.decode()
    assert "2 children fit what you typed" in text
    assert re.search(r">A2</a>.*>A02</a>", text, re.DOTALL)


def test_the_table_is_what_is_asked_for_and_who_took_it_is_known(sent: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Pupil

    with tenant(sent.schools[OWN]):
        Pupil.objects.filter(class_name="8A").update(class_name="=1+1")
    client = lead(sent)
    answer = client.post(f"/schools/{OWN}/families/table/", {"outcome": "not_reached"}, secure=True)
    table = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    found = list(csv.DictReader(StringIO(table)))
    assert {row["outcome"] for row in found} == {"Not reached"}
    assert {row["pupil id"] for row in found} == {
        one["pupil_id"] for one in command("--reference", REFERENCE, "--outcome", "not-reached")
    }
    assert "'=1+1" in {row["class"] for row in found}
    assert "Ferris" not in table
    assert "no-store" in answer.headers["Cache-Control"]
    with tenant(sent.schools[OWN]):
        taken = AuditEvent.objects.get(action="download families")
    assert (taken.actor, taken.detail) == ("Lead Example", {"outcome": "not_reached"})


def pupil_of(city: City, own_id: str, urn: int = OWN) -> int:
    from everyfamily.people.actions.keeping.leavers import pupil_by_own_id

    return pupil_by_own_id(city.schools[urn], own_id, now=NOW)


def test_a_child_of_another_school_is_not_there(sent: City) -> None:
    client = lead(sent)
    other = pupil_of(sent, "P1", ANOTHER)
    page(client, f"families/{other}/", 404)
    page(client, f"families/{other}/letters/1/", 404)
    page(client, "families/999999/", 404)
    assert client.get(f"/schools/{ANOTHER}/families/", secure=True).status_code == 404


def attempts(city: City, urn: int, channel: str = "email") -> list[int]:
    from everyfamily.mailings.models import Attempt
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[urn]):
        return list(Attempt.objects.filter(channel=channel).order_by("id").values_list("id", flat=True))


def test_a_child_has_its_story_the_newest_first_and_no_name(sent: City) -> None:
    from everyfamily.people.actions.decided.restrictions import links_to_review, review_restriction

    for one in links_to_review(sent.schools[OWN], now=NOW):
        if one.pupil == "C1":
            review_restriction(sent.schools[OWN], link=one.link, decision="do not send", by=LEAD, now=NOW + HOUR)
    client = lead(sent)
    text = page(client, f"families/{pupil_of(sent, 'A2')}/")
    assert "The email to adult 1 failed: no such address or number" in text
    assert "2 March 2027, 10am" in text
    assert text.index("failed: no such address") < text.index("The email to adult 1 left")
    assert "<b>Next:</b> Hand the copy to the child, and say so (Designated safeguarding lead)" in text
    held = page(client, f"families/{pupil_of(sent, 'C1')}/")
    assert "Adult 1 must not have the letter" in held
    assert "Dev Marchetti" in held, "who decided"
    assert "Must not have the letter: we send nothing" in held
    for one in ("A2", "B1", "C1", "D1", "G1"):
        text = page(client, f"families/{pupil_of(sent, one)}/")
        assert "Ferris" not in text
        assert "example.org" not in text, "an address of somebody"
        assert "07700" not in text


def test_the_story_begins_with_the_roll_and_says_an_objection_once(sent: City) -> None:
    from everyfamily.people.actions.decided.objections import record_objection

    client = lead(sent)
    by_file = page(client, f"families/{pupil_of(sent, 'D1')}/")
    assert by_file.count("<b>Adult 1 asked for no more letters</b>") == 1
    assert by_file.index("Adult 1 asked for no more letters") < by_file.index("The child came onto your roll")
    assert "<b>Next:</b> Nothing: it is their right" in by_file
    gia = sorted(parents_of(sent, "G1"))[0]
    record_objection(sent.schools[OWN], adult=gia, by=LEAD, now=NOW + HOUR)
    by_hand = page(client, f"families/{pupil_of(sent, 'G1')}/")
    assert by_hand.count("<b>Adult 1 asked for no more letters</b>") == 1
    assert "Dev Marchetti" in by_hand


def parents_of(city: City, own_id: str) -> list[int]:
    from everyfamily.people.actions.decided.objections import adults_of_pupil

    school = city.schools[OWN]
    return [one.adult for one in adults_of_pupil(school, pupil=pupil_of(city, own_id), now=NOW)]


def test_a_message_is_shown_in_the_words_of_the_sealed_letter(sent: City) -> None:
    from django.utils.html import escape

    from everyfamily.core.text.gaps import PersonalGaps
    from everyfamily.letters.queries import letter_by_id
    from everyfamily.mailings.queries.mailings import mailing_by_id
    from everyfamily.rendering.email import render_email

    client = lead(sent)
    child = page(client, f"families/{pupil_of(sent, 'A1')}/")
    (link,) = re.findall(r'href="/schools/\d+/(families/\d+/letters/\d+/\?letter=\d+)"', child)
    text = page(client, link)
    sealed = letter_by_id(mailing_by_id(sent.mailing).letter_id)
    email = render_email(sealed, "en", PersonalGaps(school="Quayfield School 900001"))
    assert escape(email.text) in text
    assert escape(email.subject) in text
    assert "ana1@example.org" not in text
    assert "Ferris" not in text
    for attempt in attempts(sent, ANOTHER):
        page(client, f"families/{pupil_of(sent, 'A1')}/letters/{attempt}/", 404)


def test_paper_is_a_pdf_without_the_address(city: City, tmp_path: Path) -> None:
    from django.test import override_settings
    from pypdfium2 import PdfDocument

    city.school(OWN, [adult("F1", "Fay Ferris", **address(1), HAS_CARE="no")])
    city.open()
    city.send()
    with open_doors(tmp_path), override_settings(EVERYFAMILY_CLOCK="database"):
        client = lead(city)
        child = page(client, f"families/{pupil_of(city, 'F1')}/")
        (link,) = re.findall(r'href="/schools/\d+/(families/\d+/letters/\d+/)\?', child)
        assert "Download the letter" in page(client, link)
        answer = client.get(f"/schools/{OWN}/{link}pdf/", secure=True)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    words = " ".join(page.get_textpage().get_text_range() for page in PdfDocument(answer.content))
    assert "Quayfield School" in words
    assert "Lantern Row" not in words
    assert "Ferris" not in words


def test_no_title_and_no_address_has_anything_of_a_file(sent: City) -> None:
    client = lead(sent)
    child = f"families/{pupil_of(sent, 'A2')}/"
    for path in ("families/", "families/?reason=undecided", child, "contacts/", "tell/"):
        text = page(client, path)
        title = re.search(r"<title>(.*?)</title>", text)
        assert title is not None
        for value in ("A2", "7B", "8A", "Ferris", "@"):
            assert value not in title[1], path
            for one in re.findall(r'(?:href|action)="([^"]*)"', text):
                assert value not in one, (path, one)


def queries_of(client: Client, urn: int, path: str) -> int:
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    address = f"/schools/{urn}/{path}"
    client.get(address, secure=True)
    with (
        CaptureQueriesContext(connections["default"]) as here,
        CaptureQueriesContext(connections["planner"]) as far,
    ):
        assert client.get(address, secure=True).status_code == 200
    # The simulated clock is a row of the demonstration.
    asked = [one["sql"] for one in (*here, *far) if one["sql"] not in ("BEGIN", "COMMIT")]
    return len([sql for sql in asked if "simulatedclock" not in sql])


def test_pages_have_few_queries_and_no_more_for_ten_times_the_rows(city: City, tmp_path: Path) -> None:
    from django.test import override_settings

    sizes = {OWN: range(1, 4), ANOTHER: range(4, 34)}
    for urn, numbers in sizes.items():
        city.school(urn, [row for n in numbers for row in rows(n)])
    city.open()
    city.send()
    city.hear([(f"ana{n}@example.org", "permanent-failure") for n in range(1, 34)], NOW + HOUR)
    found = {}
    with open_doors(tmp_path), override_settings(EVERYFAMILY_CLOCK="database"):
        clients = {urn: signed_in(Role.LEAD, f"{urn} Example", school_id=city.schools[urn]) for urn in sizes}
        for path in ("families/", "families/?outcome=not_reached", "contacts/", "tell/"):
            found[path] = [queries_of(client, urn, path) for urn, client in clients.items()]
    assert all(few == many for few, many in found.values()), found
    assert max(many for _, many in found.values()) <= 15, found


def test_a_school_without_a_letter_and_one_that_sends_it_itself_are_told_so(city: City, tmp_path: Path) -> None:
    city.school(OWN, [adult("P1", "Ana Ferris")])
    with open_doors(tmp_path):
        assert "No letter has a day at your school yet" in page(lead(city), "families/")


def test_once_the_key_is_destroyed_the_pages_say_so_and_none_fails(sent: City) -> None:
    from everyfamily.mailings.actions.keys.destroying import destroy_school_key

    pupil = pupil_of(sent, "A1")
    destroy_school_key(
        sent.schools[OWN], by=LEAD, agreed_by=Actor.typed("Pat Example"), now=NOW + HOUR, although_open=True
    )
    client = lead(sent)
    for path in ("families/", "contacts/", "tell/"):
        assert "was destroyed" in page(client, path), path
    page(client, f"families/{pupil}/", 404)
    assert client.post(f"/schools/{OWN}/families/table/", secure=True).status_code == 404
    assert client.post(f"/schools/{OWN}/families/find/", {"own_id": "A1"}, secure=True).status_code == 422


def test_one_child_and_one_message_have_few_queries_and_no_more_for_ten_adults(
    city: City, tmp_path: Path
) -> None:
    from django.test import override_settings

    many = [adult("M1", f"Mia Marlow{n}", EMAIL=f"mia{n}@example.org") for n in range(10)]
    city.school(OWN, [adult("A1", "Ana Ferris", EMAIL="ana@example.org"), *many])
    city.open()
    city.send()
    gone = [
        ("ana@example.org", "permanent-failure"),
        *((f"mia{n}@example.org", "permanent-failure") for n in range(10)),
    ]
    city.hear(gone, NOW + HOUR)
    city.send(NOW + HOUR)
    with open_doors(tmp_path), override_settings(EVERYFAMILY_CLOCK="database"):
        client = lead(city)
        children = {
            name: path for path, name in re.findall(r'own-id" href="([^"]*)">([^<]*)<', page(client, "families/"))
        }
        found: dict[str, list[int]] = {"child": [], "message": []}
        for name in ("A1", "M1"):
            child = children[name].partition("?")[0].removeprefix(f"/schools/{OWN}/")
            message = re.search(rf'href="/schools/{OWN}/(families/\d+/letters/\d+/)', page(client, child))
            assert message is not None
            found["child"].append(queries_of(client, OWN, child))
            found["message"].append(queries_of(client, OWN, message[1]))
    assert all(few == many for few, many in found.values()), found
    assert all(max(counts) <= 15 for counts in found.values()), found


def test_classes_have_one_order_in_lists_filters_table_and_command(city: City, tmp_path: Path) -> None:
    from django.test import override_settings

    classes = ["Reception", "Year 1", "2B", "10A", "Oak"]
    mixed = [classes[n] for n in (3, 1, 4, 0, 2)]
    city.school(OWN, [adult(f"P{n}", f"Ana Ferris{n}", CLASS=name) for n, name in enumerate(mixed)])
    city.open()
    with open_doors(tmp_path), override_settings(EVERYFAMILY_CLOCK="database"):
        client = lead(city)
        text = page(client, "families/")
        assert re.findall(r'data-l="Class">([^<]*)<', text) == classes
        options = re.findall(r'<option value="[0-9]+">([^<(]*)', text)
        assert options == classes
        decisions = page(client, "restrictions/").partition('id="class_of"')[2].partition("</select>")[0]
        assert [one.strip() for one in re.findall(r">([^<>(]*?)(?: \([0-9]+\))?</option>", decisions)][
            1:
        ] == classes
        table = client.post(f"/schools/{OWN}/families/table/", secure=True)
        lines = csv.DictReader(StringIO(b"".join(table.streaming_content).decode("utf-8-sig")))  # type: ignore[attr-defined]
        assert [line["class"] for line in lines] == classes
        assert [one["class"] for one in command("--reference", REFERENCE)] == classes


@pytest.mark.usefixtures("city")
def test_what_settles_by_itself_is_said_in_a_sentence() -> None:
    from types import SimpleNamespace

    from everyfamily.reports.wording import PAPER_AT_SCHOOL, SETTLES_BY_ITSELF
    from everyfamily.staff.families.pages import next_words

    settles, paper = (
        SimpleNamespace(reason=None, action=one.action) for one in (SETTLES_BY_ITSELF, PAPER_AT_SCHOOL)
    )
    assert next_words(settles) == "Nothing: it settles by itself"  # type: ignore[arg-type]
    assert next_words(paper) == "Hand the copy to the child, and say so"  # type: ignore[arg-type]
