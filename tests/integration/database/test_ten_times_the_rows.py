"""Pages of letters, lines, the year and the site ask as many questions of ten letters as of one, and stay small."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from everyfamily.core.actors import Actor
from everyfamily.core.permissions import Role
from tests.factories.city import NOW, REFERENCE, City
from tests.factories.multiplied import multiply
from tests.factories.school_pages import MOST_QUERIES
from tests.factories.signed_in import signed_in
from tests.integration.database.test_route_pages import una as una

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

PAGES = (
    "/letters/",
    f"/letters/{REFERENCE}/",
    "/routes/",
    "/routes/local/",
    "/routes/local/dead/",
    "/routes/local/stopped/",
    "/site/",
    "/site/recordings/",
    f"/site/recordings/{REFERENCE}/en/",
    "/year/",
    "/year/plan/",
)
MOST_BYTES = 60_000
COPIES = {
    "letters_letter": {"reference": "reference || '-' || n"},
    "letters_lettertext": {"letter_id": "shift"},
    "letters_seal": {"letter_id": "shift"},
    "letters_approval": {"letter_id": "shift"},
    "letters_route": {"letter_id": "shift"},
    "letters_recording": {"letter_id": "shift"},
    "letters_routecheck": {},
    "letters_yearmark": {"address": "address || n"},
    "letters_draft": {"reference": "reference || '-' || n", "follows_reference": "'X' || n"},
    "mailings_mailing": {"letter_id": "shift"},
    "work_sitebuild": {},
}


@pytest.fixture
def busy(city: City, una: Client) -> Client:
    """One of everything: a letter that goes out and is read aloud, one that is written, a check, and a site."""
    from everyfamily.letters.actions.drafts import begin
    from everyfamily.letters.actions.recordings import keep_recording
    from everyfamily.letters.actions.sealed_letters import mark_done
    from everyfamily.mailings.actions.guards.route_checks import route_is_good
    from everyfamily.mailings.queries.routes import route_in_use
    from everyfamily.work.models import SiteBuild

    pat = Actor.typed("Pat Example")
    route_is_good(route_in_use("local", None, NOW), by=pat, now=NOW)
    keep_recording(
        REFERENCE, "en", b"x", read_by="A. Reader", heard_by="B. Listener", words_digest="0" * 16, by=pat, now=NOW
    )
    mark_done("spring-2027", "brief", by=pat, now=NOW)
    begin("harmful-groups-online", "summer-2027", NOW.date(), reference="ES-2706-A1B2", by=pat, now=NOW)
    reason = {"code": "EF342", "fact": "A fact." * 9, "fix": "What to do." * 9, "place": "", "language": ""}
    SiteBuild.objects.create(
        is_for_families=True, letters=[REFERENCE], asked_by="Tom Rydal", asked_at=NOW, ended_at=NOW, state="done",
        published_at=NOW, good_until=NOW.date(), hindrances=[reason] * 10,
    )  # fmt: skip
    return una


def costs(client: Client) -> dict[str, tuple[int, bool]]:
    """How many questions each page asks once somebody has opened it before, and whether it is small."""
    from django.db import connections

    found: dict[str, tuple[int, bool]] = {}
    for path in PAGES:
        client.get(path, secure=True)
        asked: list[str] = []

        def note(execute: Any, sql: str, *rest: Any, asked: list[str] = asked) -> Any:
            asked.append(sql)
            return execute(sql, *rest)

        with connections["default"].execute_wrapper(note), connections["planner"].execute_wrapper(note):
            answer = client.get(path, secure=True)
        assert answer.status_code == 200, path
        # Only a demonstration asks the database what time it is.
        found[path] = sum("simulatedclock" not in sql for sql in asked), len(answer.content) <= MOST_BYTES
    return found


def test_ten_of_everything_cost_as_many_questions_as_one(busy: Client) -> None:
    from django.conf import settings
    from django.test import override_settings

    tom = signed_in(Role.AUTHOR, "Tom Rydal")
    with override_settings(EVERYFAMILY_SITE_FOLDER=settings.EVERYFAMILY_OUTBOX / "site"):
        few = costs(tom)
        multiply(COPIES, 10)
        many = costs(tom)
    assert many == few
    assert {path: cost for path, cost in many.items() if cost[0] > MOST_QUERIES or not cost[1]} == {}
