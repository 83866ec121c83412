"""The screens for staff on a demonstration that is being served: how long each page takes, with how many queries, how
large it is, and fifty people at once.

Start `make run` (with ARGS="--city full" for a whole city) and leave it running. The peer is a page without a session
and without a database (robots.txt): what the server costs before any of our pages. Times of pages are the server's,
without the network; those of fifty people are from the request to the last byte. An author's saves are measured too.
The letter that was sent for approval gets sixty long notes first, so that its pages are as large as they become.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import html
import http.client
import json
import os
import re
import statistics
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

ROUNDS = 30
PEOPLE = 50
MOST_MS, MOST_QUERIES, MOST_KB = 150, 15, 60
"""What issue and design allow a page: server time (p95), statements, and HTML."""
ROOT = Path(__file__).parents[1]
COOKIE = "__Host-everyfamily"
LOADED: dict[str, frozenset[tuple[bytes, bytes]]] = {}
"""Names and endings of the style sheets and scripts of each page that was measured, by its path."""


def main() -> None:
    """Print a line for each page of each role, then what fifty people at once met."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--demo", type=Path, default=Path("demo"))
    asked.add_argument("--port", type=int, default=8048)
    given = asked.parse_args()
    sign_ins = json.loads((given.demo / "keys" / "sign-ins.json").read_text())
    set_up(given.demo)
    more = pages_of_work(sign_ins)
    print(f"{'role':14}{'page':44}{'queries':>8}{'p50 ms':>8}{'p95 ms':>8}{'kB':>7}")
    over = [line for one in sign_ins for line in pages_of(one, more)]
    print(f"over {MOST_MS} ms, {MOST_QUERIES} queries or {MOST_KB} kB: {', '.join(over) or 'none'}")
    styles()
    fifty(given.port, sign_ins)
    # Last: a save voids what was sent for approval, and the pages that wait for it.
    for line in saves(next(one for one in sign_ins if one["role"] == "author")):
        print(line)


def set_up(demo: Path) -> None:
    """Django on the demonstration's database, as the served pages have it."""
    from everyfamily.config.start import use_embedded
    from everyfamily_demo.workspace import choose_workspace
    from everyfamily_postgres.throwaway import demo_home

    choose_workspace(demo, seed=7)
    os.environ["EVERYFAMILY_PARTNERSHIP"] = str(demo.resolve() / "partnership" / "partnership.toml")
    os.environ["EVERYFAMILY_SECRET_KEY"] = "only for sessions of this measurement, and long enough"
    os.environ["EVERYFAMILY_BASE_URL"] = "http://localhost:8048"
    os.environ["DJANGO_SETTINGS_MODULE"] = "everyfamily.config.settings"
    use_embedded(demo_home(os.environ))
    import django

    django.setup()


def saves(sign_in: dict[str, str]) -> Iterator[str]:
    """An author begins a letter, if none is being written, and changes a section again and again: the save and the page
    after it, with what was found, and the check of words that nobody has saved."""
    from everyfamily.accounts.models import Account
    from tests.factories.browser import Browser

    client = Browser(headers={"host": "localhost"})
    client.force_login(Account.objects.get(email=sign_in["email"]))
    one = a_letter(client)
    path = f"{one}write/en/opening/"
    times: dict[str, list[float]] = {"save": [], "page after a save": [], "check before a save": []}
    for number in range(ROUNDS):
        page = b"".join(client.get(path, secure=True)).decode()
        seen = re.search(r'name="seen" value="(\d+)"', page)
        words = re.search(r'<textarea [^>]*name="words"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
        assert seen and words, path
        # Another word each time, in one passage only.
        text = html.unescape(words[1])
        form = {
            "seen": seen[1],
            "words": re.sub(r"((?:number \d+)|picked out)", f"number {number}", text, count=1),
        }
        asked = (
            ("check before a save", client.post, path.replace("/write/", "/check/"), form),
            ("save", client.post, path, form),
            ("page after a save", client.get, path, None),
        )
        for what, method, address, data in asked:
            began = time.perf_counter()
            assert method(address, data, secure=True).status_code in (200, 302), what
            times[what].append((time.perf_counter() - began) * 1000)
    for what, taken in times.items():
        p95 = statistics.quantiles(taken, n=20)[18]
        yield f"letter: {what:22} p50 {statistics.median(taken):6.1f} ms, p95 {p95:6.1f} ms"


def a_letter(client: Any) -> str:
    """The address of a letter that is being written."""
    page = b"".join(client.get("/letters/new/", secure=True)).decode()
    choice = re.search(r'name="letter" type="radio" value="([^"]+)"', page)
    if choice is not None:
        form = {
            "letter": html.unescape(choice[1]),
            "dated": time.strftime("%Y-%m-%d"),
            "reference": "BM-2703-K7R4",
        }
        client.post("/letters/new/", form, secure=True)
    page = b"".join(client.get("/letters/", secure=True)).decode()
    found = re.search(r'Being written</h2>.*?href="(/letters/[^"]+/)"', page, re.DOTALL)
    assert found, "no letter of the plan can be begun"
    return found[1]


def pages_of_work(sign_ins: list[dict[str, str]]) -> list[tuple[str, str]]:
    """The pages of a letter that is being agreed, with its notes, of the year's plan and of a review: a crawl from the
    menu does not meet them in every role. A worker must have frozen the letter that `make run` has sent."""
    from django.urls import reverse

    from everyfamily.letters.draft_queries.waiting import sent_letters
    from everyfamily.mailings.installation import clock
    from everyfamily.mailings.models import Mailing

    sent = next((one for one in sent_letters(clock.now()) if one.overtaken_at is None and not one.failed), None)
    assert sent is not None, "no letter was sent for approval: is the worker of make run alive?"
    leave_notes(sent.reference, [one for one in sign_ins if one["role"] in ("author", "delegate", "reviewer")])
    letter = {"reference": sent.reference}
    found = [(name, reverse(name, kwargs=letter)) for name in ("letter-approve", "letter-notes", "letter-seal")]
    found += [("year-plan", reverse("year-plan"))]
    mailings = Mailing.objects.order_by("id").values_list("id", flat=True)[:1]
    return found + [("year-review", reverse("year-review", kwargs={"mailing": one})) for one in mailings]


def leave_notes(reference: str, sign_ins: list[dict[str, str]]) -> None:
    """As many as each of these people may have open, each as long as it may be."""
    from everyfamily.accounts.models import Account
    from everyfamily.core.actors import Actor, ActorKind
    from everyfamily.letters.actions.reviewing import LONGEST, TooManyNotes, leave_note
    from everyfamily.letters.draft_queries.drafts import known_draft
    from everyfamily.mailings.installation import clock

    draft = known_draft(reference)
    for one in sign_ins:
        account = Account.objects.get(email=one["email"])
        by = Actor(ActorKind.PERSON, account.name, account.pk)
        with contextlib.suppress(TooManyNotes):
            while True:
                leave_note(draft.id, ("Say when it is, and who asks. " * 40)[:LONGEST], by=by, now=clock.now())


def pages_of(sign_in: dict[str, str], more: list[tuple[str, str]]) -> Iterator[str]:
    """Measure every page that a role may open, and these. Yields those that are over a limit."""
    from everyfamily.accounts.models import Account
    from tests.factories.browser import Browser

    client = Browser(headers={"host": "localhost"})
    account = Account.objects.get(email=sign_in["email"])
    client.force_login(account)
    pages = every_page(client, addresses(account.pk))
    for name, path in [("peer", "/robots.txt"), *pages, *(one for one in more if one not in pages)]:
        answer = client.get(path, secure=True)
        if answer.status_code != 200:
            continue
        times = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            client.get(path, secure=True)
            times.append((time.perf_counter() - began) * 1000)
        p95, count = statistics.quantiles(times, n=20)[18], statements(client, path)
        body = b"".join(answer)
        LOADED[path] = frozenset(re.findall(rb'/static/(staff/[a-z_-]+)[^"]*\.(css|js)"', body))
        size = len(body) / 1000
        median = statistics.median(times)
        print(f"{sign_in['role']:14}{path:44}{count:8}{median:8.1f}{p95:8.1f}{size:7.1f}")
        is_large = size > MOST_KB and answer["Content-Type"].startswith("text/html")
        if p95 > MOST_MS or count > MOST_QUERIES or is_large:
            yield f"{sign_in['role']} {name}"


def addresses(account: int) -> list[tuple[str, str]]:
    """Each address that needs no more than a school or a rule, at a school of the account if it has one. Pages with a
    number of a row are found from there (`every_page`)."""
    from django.urls import NoReverseMatch, reverse

    from everyfamily.accounts.queries import held_of
    from everyfamily.people.queries import schools_by_id

    ids = [one.school_id for one in held_of(account).standings if one.school_id is not None]
    # One that we write for, if there is one: it has the most pages.
    schools = sorted(schools_by_id(ids).values(), key=lambda one: (one.sends != "us", one.urn))
    urns = [school.urn for school in schools] or [900000]
    found = []
    for name in named():
        for arguments in ({}, {"urn": urns[0]}, {"code": "TR001"}):
            try:
                found.append((name, reverse(name, kwargs=arguments)))
                break
            except NoReverseMatch:
                continue
    return found


def every_page(client: Any, first: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pages at these addresses, and one of each kind to which a link of any of them leads: one child, one adult.

    What only a search leads to is asked for with the numbers that other links have.
    """
    from django.urls import NoReverseMatch, Resolver404, resolve, reverse

    found, waiting = dict(first), list(first)
    rows: dict[str, Any] = {}
    while waiting:
        _, page = waiting.pop(0)
        answer = client.get(page, secure=True)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        for link in re.findall(rb'href="(/[^"]*)"', b"".join(answer)):
            path = html.unescape(link.decode()).partition("#")[0]
            try:
                match = resolve(urlsplit(path).path)
            except Resolver404:
                continue
            rows |= {name: rows.get(name, value) for name, value in match.kwargs.items()}
            if match.url_name and match.url_name not in found and "token" not in match.kwargs:
                found[match.url_name] = path
                waiting.append((match.url_name, path))
    for name in set(named()) - set(found):
        for number in ("adult", "child", "pupil"):
            try:
                found[name] = reverse(name, kwargs={"urn": rows["urn"], number: rows[number]})
            except (NoReverseMatch, KeyError):
                continue
    leaves = {"robots", "account_logout"}
    return [(name, path) for name, path in found.items() if name not in leaves]


def named() -> list[str]:
    """The names of all addresses."""
    return list(tomllib.loads((ROOT / "tests" / "spec" / "access.toml").read_text()))


def statements(client: Any, path: str) -> int:
    """How many statements one look at a page sends, on all connections, without those around transactions."""
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    taken = [CaptureQueriesContext(connections[alias]) for alias in ("default", "planner")]
    for one in taken:
        one.__enter__()
    client.get(path, secure=True)
    for one in taken:
        one.__exit__(None, None, None)
    said = [query["sql"] for one in taken for query in one.captured_queries]
    return sum(
        not re.match(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET |SELECT set_config)", sql) for sql in said
    )


def styles() -> None:
    """What a browser loads for the page with the most, compressed. A file that several pages have is loaded once."""
    static = ROOT / "src" / "everyfamily" / "staff" / "static"
    for ending, most in (("css", 25), ("js", 45)):
        sizes = {
            path: sum(
                len(gzip.compress((static / f"{name.decode()}.{ending}").read_bytes()))
                for name, kind in files
                if kind.decode() == ending
            )
            for path, files in LOADED.items()
        }
        path, size = max(sizes.items(), key=lambda one: one[1])
        print(f"most {ending} of a page, gzipped: {size / 1000:.1f} kB of {most} ({path})")


def fifty(port: int, sign_ins: list[dict[str, str]]) -> None:
    """Fifty people look at their home page and three more at the same time, ten times."""
    cookies = [sign_in_as(port, one) for one in sign_ins]
    work = [(cookies[n % len(cookies)], path) for n in range(PEOPLE) for path in ("/", "/check/", "/me/") * 3]

    def look(one: tuple[str, str]) -> tuple[int, float]:
        began = time.perf_counter()
        status, _, _ = ask(port, "GET", one[1], cookie=one[0])
        return status, (time.perf_counter() - began) * 1000

    began = time.perf_counter()
    with ThreadPoolExecutor(PEOPLE) as people:
        answers = list(people.map(look, work))
    seconds = time.perf_counter() - began
    errors = sum(status != 200 for status, _ in answers)
    p95 = statistics.quantiles([ms for _, ms in answers], n=20)[18]
    print(
        f"{PEOPLE} people at once, {len(work)} pages: {seconds:.1f} s, {len(work) / seconds:.0f} pages a second, "
        f"p95 {p95:.0f} ms as they see it, {errors} errors"
    )


def sign_in_as(port: int, one: dict[str, str]) -> str:
    """The cookie of a session, with password and code."""
    from everyfamily_demo.sign_ins import code_now

    _, cookie, page = ask(port, "GET", "/sign-in/")
    form = {"login": one["email"], "password": one["password"], "csrfmiddlewaretoken": token_of(page)}
    _, cookie, _ = ask(port, "POST", "/sign-in/", form, cookie)
    _, new, page = ask(port, "GET", "/sign-in/code/", cookie=cookie)
    form = {"code": code_now(one["secret"], time.time()), "csrfmiddlewaretoken": token_of(page)}
    status, signed, _ = ask(port, "POST", "/sign-in/code/", form, new or cookie)
    assert status == 302, (one["role"], status)
    return signed


def token_of(page: bytes) -> str:
    """The token of a page's form."""
    found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    return found[1].decode()


def ask(
    port: int, method: str, path: str, form: dict[str, str] | None = None, cookie: str = ""
) -> tuple[int, str, bytes]:
    """The status, the cookie of the session if it was set (otherwise the one that was sent), and the body."""
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    if form is not None:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://localhost:{port}"}
    connection.request(method, urlsplit(path).path, urlencode(form) if form else None, headers)
    answer = connection.getresponse()
    set_cookie = re.search(rf"{COOKIE}=([^;]+)", answer.headers.get("Set-Cookie", ""))
    return answer.status, set_cookie[1] if set_cookie else cookie, answer.read()


if __name__ == "__main__":
    main()
