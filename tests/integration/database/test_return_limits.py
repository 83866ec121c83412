"""What the return page takes from one link and one address, and what it says of it in the security log."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from http.client import HTTPConnection

import pytest
from django.http import HttpResponse
from django.test import Client

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City
from tests.factories.each import each

pytestmark = [pytest.mark.database, pytest.mark.slow]

ONE, TWO = 900101, 900102
SECURITY = "everyfamily.security"


@pytest.fixture
def schools(city: City, monkeypatch: pytest.MonkeyPatch) -> Iterator[City]:
    """Two schools that send themselves, each with a link; nobody has tried anything yet."""
    from django.conf import settings

    from everyfamily.mailings.actions.returns.return_links import open_returns
    from everyfamily.mailings.edges.wrong_tokens import WRONG_TOKENS
    from everyfamily.staff.limits import OF_ONE_LINK, WRONG_LINKS

    monkeypatch.setattr(settings, "SECRET_KEY", "a key that only this test knows, and long enough")
    for urn in (ONE, TWO):
        city.school(urn, sends="school")
    city.open()
    open_returns(
        city.mailing, due_on=date(2027, 3, 12), close_on=date(2027, 3, 25), by=Actor.typed("team"), now=NOW
    )
    for tries in (WRONG_LINKS, OF_ONE_LINK, WRONG_TOKENS):
        tries.forget()
    yield city
    for tries in (WRONG_LINKS, OF_ONE_LINK, WRONG_TOKENS):
        tries.forget()


def path_of(city: City, urn: int) -> str:
    from everyfamily.mailings.installation.return_tokens import address_of
    from everyfamily.mailings.queries.returns import return_standings

    code = next(school.code for school in return_standings(city.mailing) if school.urn == urn)
    assert code is not None
    return address_of("", code)


def client(address: str = "192.0.2.7", **headers: str) -> Client:
    return Client(headers={"host": "127.0.0.1"} | headers, REMOTE_ADDR=address)


def numbers(reached: int, seen: int) -> dict[str, str]:
    return {
        "on_roll": "30",
        "by_email": str(reached),
        "on_paper": "0",
        "by_text": "0",
        "not_reached": str(30 - reached),
        "emails": "no",
        "seen": str(seen),
    }


def file_another(city: City, urn: int, reached: int) -> HttpResponse:
    from everyfamily.mailings.queries.returns import filed_returns
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[urn]):
        filed = filed_returns(city.schools[urn], city.mailing)
    data = numbers(reached, filed[0].id if filed else 0)
    page = client().post(path_of(city, urn), data)
    if page.status_code == 200:
        from html import unescape
        from re import search

        asked = search(r'name="answer" value="([^"]+)"', page.content.decode())
        assert asked is not None
        page = client().post(path_of(city, urn), data | {"answer": unescape(asked[1])})
    return page


def rows(city: City, urn: int) -> int:
    from everyfamily.mailings.queries.returns import filed_returns
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[urn]):
        return len(filed_returns(city.schools[urn], city.mailing))


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == SECURITY and record.levelno >= 30]


def test_one_link_files_so_many_returns_and_then_a_page_says_whom_to_ring(
    schools: City, caplog: pytest.LogCaptureFixture
) -> None:
    from everyfamily.mailings.actions.returns.return_links import renew_link
    from everyfamily.mailings.actions.returns.returns import MOST_FILINGS

    for number in range(MOST_FILINGS):
        assert file_another(schools, ONE, 1 + number % 25).status_code == 303
    page = file_another(schools, ONE, 29)
    assert page.status_code == 409
    assert "as many as it takes. The last one counts." in page.content.decode()
    assert "0151 496" in page.content.decode()
    assert rows(schools, ONE) == MOST_FILINGS
    assert [line for line in said(caplog) if "filed-too-often" in line] != []
    # Looking continues, another school files, and a new link starts from zero.
    assert client().get(path_of(schools, ONE)).status_code == 200
    assert file_another(schools, TWO, 5).status_code == 303
    renew_link(schools.mailing, schools.schools[ONE], by=Actor.typed("team"), now=NOW)
    assert file_another(schools, ONE, 29).status_code == 303


def test_the_same_numbers_again_are_no_filing_and_never_too_many(schools: City) -> None:
    assert {file_another(schools, ONE, 9).status_code for _ in range(25)} == {303}
    assert rows(schools, ONE) == 1


def test_wrong_links_from_one_address_end_in_a_short_answer_and_a_good_one_does_not(
    schools: City, caplog: pytest.LogCaptureFixture
) -> None:
    from everyfamily.staff.limits import WRONG_LINKS

    statuses = [client().get(f"/return/wrong{n}/").status_code for n in range(WRONG_LINKS.most + 5)]
    assert statuses == [403] * WRONG_LINKS.most + [429] * 5
    short = client().get("/return/wrong/")
    assert short.headers["Retry-After"] == "600"
    assert client().get(path_of(schools, ONE)).status_code == 200
    assert client("192.0.2.8").get("/return/wrong/").status_code == 403
    lines = said(caplog)
    assert sum("event=return-link-refused why=forged" in line for line in lines) == WRONG_LINKS.most + 1
    assert sum("event=return-link-tries" in line for line in lines) == 1
    assert not any("192.0.2" in line or "wrong" in line.replace("wrong-", "") for line in lines)


def test_an_ipv6_customer_is_one_address(schools: City) -> None:
    from everyfamily.staff.limits import WRONG_LINKS

    for n in range(WRONG_LINKS.most):
        client(f"2001:db8:1:2::{n + 1:x}").get("/return/wrong/")
    assert client("2001:db8:1:2:ffff::1").get("/return/wrong/").status_code == 429
    assert client("2001:db8:1:3::1").get("/return/wrong/").status_code == 403


def test_one_link_is_shown_so_often_and_others_go_on(schools: City) -> None:
    from everyfamily.staff.limits import OF_ONE_LINK

    path = path_of(schools, ONE)
    token = path.strip("/").split("/")[1]
    for _ in range(OF_ONE_LINK.most):
        OF_ONE_LINK.count(token, time.monotonic())
    assert client().get(path).status_code == 429
    assert client().post(path, numbers(5, 0)).status_code == 429
    assert client().get(path_of(schools, TWO)).status_code == 200


def test_links_that_have_ended_are_said_by_their_number(schools: City, caplog: pytest.LogCaptureFixture) -> None:
    from everyfamily.mailings.actions.returns.return_links import revoke_link

    path = path_of(schools, ONE)
    revoke_link(schools.mailing, schools.schools[ONE], by=Actor.typed("team"), now=NOW)
    assert client().get(path).status_code == 410
    [line] = said(caplog)
    assert line.startswith("event=return-link-refused why=ended link=")
    assert path.strip("/").split("/")[1] not in caplog.text


@pytest.mark.parametrize("origin", ["https://evil.example", "https://127.0.0.1.evil.example", "http://[", "x"])
def test_numbers_that_another_site_sent_are_not_taken_in(schools: City, origin: str) -> None:
    """Also from a browser that does not send Sec-Fetch-Site."""
    page = client(origin=origin).post(path_of(schools, ONE), numbers(9, 0))
    assert (page.status_code, rows(schools, ONE)) == (403, 0)


@pytest.mark.parametrize("origin", ["null", "https://127.0.0.1", "http://127.0.0.1:8000"])
def test_our_own_pages_say_null_or_our_own_host(schools: City, origin: str) -> None:
    assert client(origin=origin).post(path_of(schools, ONE), numbers(9, 0)).status_code in (200, 303)


@each(
    "method, path, headers",
    [
        ("get", "/", {}),
        ("get", "/.env", {}),
        ("get", "/return/", {}),
        ("get", "/return/a/b/c/d/", {}),
        ("get", "/robots.txt", {}),
        ("get", "/static/staff/none.css", {}),
        ("get", "/receipts/nobody", {}),
        ("get", "/return/x/", {"host": "elsewhere.example"}),
        ("post", "/return/x/", {"sec-fetch-site": "cross-site"}),
        ("post", "/receipts/anymail", {}),
    ],
)
def test_an_address_that_nobody_was_given_costs_no_question_to_the_database(
    schools: City, method: str, path: str, headers: dict[str, str]
) -> None:
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    with (
        CaptureQueriesContext(connections["default"]) as asked,
        CaptureQueriesContext(connections["planner"]) as more,
    ):
        for _ in range(3):
            answer = getattr(client(**headers), method)(path)
    assert answer.status_code in (200, 400, 401, 403, 404)
    assert len(asked) + len(more) == 0, [*asked.captured_queries, *more.captured_queries]


def test_a_page_of_a_link_that_was_cut_short_says_whom_to_ring(schools: City) -> None:
    page = client().get("/return/x/").content.decode()
    assert "Or ring the partnership" not in page
    assert "Or ring " in page


def test_receipts_with_a_wrong_token_are_said_and_then_answered_shortly(
    schools: City, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from everyfamily.mailings.edges.wrong_tokens import WRONG_TOKENS

    monkeypatch.setattr(settings, "EVERYFAMILY_NOTIFY_TOKEN", "a-token-of-more-than-24-signs")
    wrong = client(authorization="Bearer marked-and-wrong")
    statuses = [
        wrong.post("/receipts/notify", b"{}", content_type="application/json").status_code
        for _ in range(WRONG_TOKENS.most + 3)
    ]
    assert statuses == [401] * WRONG_TOKENS.most + [429] * 3
    right = client(authorization="Bearer a-token-of-more-than-24-signs")
    assert right.post("/receipts/notify", b"{}", content_type="application/json").status_code == 400
    assert said(caplog)[0].startswith("event=receipt-refused carrier=notify why=token source=")
    assert "marked" not in caplog.text


def test_on_the_real_server_each_address_that_its_proxy_names_is_counted_apart(schools: City) -> None:
    from django.core.wsgi import get_wsgi_application
    from django.db import connections

    from everyfamily.config.serving import server_of, trusting
    from everyfamily.staff.limits import WRONG_LINKS

    server = server_of(
        get_wsgi_application(),
        host="127.0.0.1",
        port=0,
        threads=1,
        **trusting("127.0.0.1"),
    )

    def run() -> None:
        with suppress(OSError):
            server.run()

    def ask(path: str, address: str) -> int:
        connection = HTTPConnection("127.0.0.1", server.effective_port, timeout=20)
        connection.request("GET", path, headers={"X-Forwarded-For": address, "Host": "127.0.0.1"})
        status = connection.getresponse().status
        connection.close()
        return status

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        statuses = [ask("/return/wrong/", "192.0.2.7") for _ in range(WRONG_LINKS.most + 1)]
        assert statuses == [403] * WRONG_LINKS.most + [429]
        assert ask("/return/wrong/", "192.0.2.8") == 403
        assert ask(path_of(schools, ONE), "192.0.2.7") == 200
    finally:
        server.close()
        thread.join(5)
        connections.close_all()
