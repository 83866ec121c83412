"""The parent site from the database: a preview, what hinders it, publishing, and again when a line changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from everyfamily.core.actors import Actor
from everyfamily.core.permissions import Role
from tests.factories.city import NOW, REFERENCE, City
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.doors import open_doors
from tests.factories.school_pages import MOST_QUERIES, questions_of, words_of
from tests.factories.signed_in import signed_in

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

PAT = Actor.typed("Pat Example")
LOCAL = "0151\N{NO-BREAK SPACE}496\N{NO-BREAK SPACE}0120"


@pytest.fixture
def tom(city: City, tmp_path: Path) -> Iterator[Client]:
    """An author. One letter is sealed, and its mailing is open."""
    city.school(900001, sends="school")
    city.open()
    settings = {"EVERYFAMILY_PARTNERSHIP": PARTNERSHIP, "EVERYFAMILY_SITE_FOLDER": tmp_path / "site"}
    with open_doors(tmp_path, EVERYFAMILY_CLOCK="database", **settings):
        yield signed_in(Role.AUTHOR, "Tom Rydal")


def get(client: Client, path: str = "/site/") -> str:
    answer = client.get(path, secure=True)
    assert answer.status_code == 200, path
    return words_of(answer)


def ask(client: Client, do: str, *languages: str, letter: str = REFERENCE) -> Any:
    return client.post("/site/", {"do": do, "letter": letter, "language": languages}, secure=True)


def works() -> None:
    """A worker does what waits."""
    from everyfamily.staff.site.tasks import make_the_site
    from everyfamily.work.queries.sites import sites_made

    newest = sites_made().newest
    assert newest is not None
    make_the_site(work_id=newest.id)


def follows() -> bool:
    """The worker looks whether something changed, and makes the site again if so."""
    from everyfamily.staff.site.tasks import publish_again_if_changed

    asked = publish_again_if_changed(NOW)
    if asked:
        works()
    return asked


def pages_with(public: Path, words: str) -> list[str]:
    """Pages that families see with these words."""
    return [str(one) for one in public.rglob("*.html") if words in one.read_text(encoding="utf-8")]


def sealing_key_of_city() -> Any:
    """The key that sealed the letter."""
    from tests.factories import city

    return city._composed(REFERENCE, False)[3]


def test_an_author_looks_publishes_and_it_is_kept_true(
    tom: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from everyfamily.core.keys.signing import SigningKey
    from everyfamily.mailings.actions.ending.withdrawing import withdraw
    from everyfamily.mailings.actions.guards.route_checks import route_is_dead, route_is_good
    from everyfamily.mailings.queries.routes import route_in_use
    from everyfamily.staff.site import inputs

    public, seen = tmp_path / "site" / "public", tmp_path / "site-preview" / "public"
    assert "It was not published from here yet." in get(tom)
    assert ask(tom, "preview", letter="").status_code == 422
    # A language that nobody has read keeps the site from families, and the preview is there all the same.
    for _ in range(2):
        assert ask(tom, "publish", "pl").status_code == 302
    waiting = tom.get("/site/", secure=True)
    assert (waiting["Refresh"], "It waits for a worker." in words_of(waiting)) == ("5; url=/site/", True)
    assert "<form" not in waiting.content.decode()
    works()
    words = get(tom)
    assert "keep the site from families" in words
    assert "No second person has checked the short words in &quot;pl&quot;" in words
    assert (public.exists(), seen.exists()) == (False, True)
    page = tom.get("/site/preview/spring-2027/", secure=True)
    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "script-src" not in page["Content-Security-Policy"]
    assert 'href="/site/preview/help/"' in page.content.decode()
    pdf = tom.get(f"/site/preview/files/{REFERENCE}/en/letter.pdf", secure=True)
    assert (pdf["Content-Type"], pdf.content[:4]) == ("application/pdf", b"%PDF")
    for out in ("../everyfamily-site.txt", "%2e%2e/nginx.conf", "nowhere/", ".hidden", "help/index.html.gz"):
        assert tom.get(f"/site/preview/{out}", secure=True).status_code == 404, out

    assert ask(tom, "publish").status_code == 302
    works()
    words = get(tom)
    assert "Published at 9am on Tuesday 2 March" in words
    assert LOCAL in (public / "spring-2027" / "index.html").read_text(encoding="utf-8")
    assert not follows(), "nothing has changed"
    # Somebody rings a line: the day on the pages follows by itself.
    local = route_in_use("local", None, NOW)
    route_is_good(local, by=PAT, now=NOW)
    assert (follows(), follows()) == (True, False)
    # A line is dead: no page has it any more, and somebody is asked at once for the right number.
    route_is_dead(local, by=PAT, now=NOW)
    assert (follows(), follows()) == (True, False)
    assert pages_with(public, LOCAL) == []
    assert "Not working at the moment:" in (public / "help" / "index.html").read_text(encoding="utf-8")
    assert not (public / "files").exists()
    assert "Without the children’s team" in get(tom).replace("Eastmere ", "the ")
    assert "Urgent Give 1 line the right number in the settings" in get(tom, "/")
    # It answers again, the letter is withdrawn: families read so without anybody's press.
    route_is_good(local, by=PAT, now=NOW)
    assert follows()
    assert LOCAL in (public / "spring-2027" / "index.html").read_text(encoding="utf-8")
    withdraw(REFERENCE, why="a wrong number", by=PAT, now=NOW)
    monkeypatch.setattr(settings, "EVERYFAMILY_SEALING_KEY_FILE", "sealing.pem")
    # It was sealed with another key, so no newer site is made. A dead number leaves the older one all the same.
    monkeypatch.setattr(inputs, "sealing_key", SigningKey.new)
    route_is_dead(local, by=PAT, now=NOW)
    assert follows()
    assert "Families see the older site." in get(tom)
    assert "Urgent Put right what keeps the parent site from being published" in get(tom, "/")
    assert pages_with(public, LOCAL) == []
    assert "(number taken out)" in (public / "help" / "index.html").read_text(encoding="utf-8")
    route_is_good(local, by=PAT, now=NOW)
    monkeypatch.setattr(inputs, "sealing_key", sealing_key_of_city)
    ask(tom, "publish")
    works()
    notice = public / "seals" / "withdrawn" / f"{REFERENCE}.json"
    signed = notice.read_bytes()
    # Another worker, which has no key, loses nothing that was published.
    monkeypatch.setattr(settings, "EVERYFAMILY_SEALING_KEY_FILE", "")
    route_is_good(local, by=PAT, now=NOW)
    assert (follows(), notice.read_bytes()) == (True, signed)
    assert "We withdrew this letter on" in (public / "spring-2027" / "index.html").read_text(encoding="utf-8")
    assert "Put right what keeps" not in get(tom, "/")
    assert f"Spring term 2027: child sexual exploitation, {REFERENCE}, withdrawn" in get(tom)
    assert questions_of(tom, "/site/") <= MOST_QUERIES


def test_the_site_is_a_task_before_its_day(tom: Client) -> None:
    from everyfamily.work.models import SiteBuild

    made = {"asked_by": "Tom Rydal", "asked_at": NOW, "state": "done", "ended_at": NOW, "published_at": NOW}
    SiteBuild.objects.create(is_for_families=True, letters=[REFERENCE], good_until=date(2027, 3, 5), **made)
    assert "Publish the parent site again" in get(tom, "/")
    assert "By Friday 5 March" in get(tom, "/")
    SiteBuild.objects.update(good_until=date(2027, 3, 6))
    assert "Publish the parent site again" not in get(tom, "/")


def test_without_a_folder_the_page_says_who_sets_it(tom: Client) -> None:
    from django.test import override_settings

    with override_settings(EVERYFAMILY_SITE_FOLDER=None):
        assert "sets EVERYFAMILY_SITE_FOLDER" in get(tom)
        assert tom.get("/site/preview/", secure=True).status_code == 404
        ask(tom, "publish")
        works()
        assert not follows()
