"""An author's pages: a letter is begun, written, looked at and sent for approval. Nothing that was typed is lost."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from everyfamily.core.permissions import Role
from everyfamily_postgres.launcher import Server
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.doors import open_doors
from tests.factories.drafts import REFERENCE, WRITING, a_draft
from tests.factories.signed_in import signed_in

pytestmark = [pytest.mark.database, pytest.mark.slow]

ONE = f"/letters/{REFERENCE}/"
OPENING = f"{ONE}write/en/opening/"


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from everyfamily.mailings.installation import clock

    monkeypatch.setattr(clock, "now", lambda: WRITING)
    with open_doors(tmp_path, EVERYFAMILY_PARTNERSHIP=PARTNERSHIP):
        yield


def words_of(answer: Any, status: int = 200) -> str:
    """The words of a page's main part."""
    assert answer.status_code == status, answer.content.decode()[-3000:]
    main = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)
    assert main
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main[0])).split())


def form_of(answer: Any) -> dict[str, str]:
    """What the form of a section holds."""
    page = answer.content.decode()
    fields = dict(re.findall(r'<input [^>]*name="(seen|why|field-[^"]+)"[^>]*value="([^"]*)"', page))
    areas = re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return {name: html.unescape(value) for name, value in [*fields.items(), *areas]}


def test_an_author_begins_a_letter_of_the_plan_and_writes_a_section() -> None:
    author = signed_in(Role.AUTHOR, "Tom Rydal")
    assert "No letter is begun yet" in words_of(author.get("/letters/", secure=True))
    assert "Spring term 2027" in words_of(author.get("/letters/new/", secure=True))
    asked = {"letter": "spring-2027 child-sexual-exploitation", "dated": "soon", "reference": REFERENCE}
    refused = words_of(author.post("/letters/new/", asked, secure=True), 422)
    assert "The date of the letter is missing" in refused
    begun = author.post("/letters/new/", asked | {"dated": "2027-03-02"}, secure=True)
    assert begun.headers["Location"] == ONE
    assert "In the pack’s words" in words_of(author.get(ONE, secure=True))

    page = author.get(OPENING, secure=True)
    assert "Nothing found here" in words_of(page)
    form = form_of(page)
    risky = form["words"].replace("You have not been picked out.", "Some children put themselves at risk.")
    saved = author.post(OPENING, form | {"words": risky, "why": "We say so here."}, secure=True)
    assert saved.headers["Location"] == OPENING
    words = words_of(author.get(OPENING, secure=True))
    assert "Saved at 10am by Tom Rydal" in words
    assert "1 finding here" in words
    assert "What differs from the pack here: 1 passage" in words
    versions = words_of(author.get(f"{ONE}versions/", secure=True))
    assert "Version 1: Who writes, and why" in versions
    assert "We say so here." in versions
    changed = author.get(f"{ONE}versions/1/", secure=True).content.decode()
    assert re.search(r"<ins>[^<]*<span[^>]*>New: </span>Some children put themselves at risk", changed)
    toml = author.get(f"{ONE}overrides.toml", secure=True).content.decode()
    assert 'passage = "opening/2"' in toml
    back = author.post(
        OPENING, {"seen": form_of(author.get(OPENING, secure=True))["seen"], "back": "1"}, secure=True
    )
    assert back.status_code == 302
    assert "What differs" not in words_of(author.get(OPENING, secure=True))


def test_words_that_cannot_be_kept_stay_in_the_form_with_the_reason() -> None:
    a_draft()
    author = signed_in(Role.AUTHOR)
    form = form_of(author.get(OPENING, secure=True))
    for wrong, reason in (
        (form["words"].replace("((partners))", "((partner))"), "Paragraph 2: The gap"),
        (form["words"].replace("letter", "<b>letter</b>"), "is mark-up"),
        (form["words"].replace("letter", "let\u202eter"), "invisible mark"),
        ("a child " * 1250, "10,000 characters"),
        ("", "is gone"),
    ):
        answer = author.post(OPENING, form | {"words": wrong}, secure=True)
        assert reason in words_of(answer, 422)
        assert form_of(answer)["words"].split() == wrong.split()
    outside = f"{ONE}write/en/outside/"
    form = form_of(author.get(outside, secure=True))
    short = form["field-one-fragment"].replace("((school))", "We")
    answer = author.post(outside, form | {"field-one-fragment": short}, secure=True)
    assert "((school))” is gone" in words_of(answer, 422)
    assert f'value="{html.escape(short)}"' in answer.content.decode() or short in html.unescape(
        answer.content.decode()
    )


def test_two_authors_in_one_section_lose_nothing() -> None:
    a_draft()
    tom, rosa = signed_in(Role.AUTHOR, "Tom Rydal"), signed_in(Role.AUTHOR, "Rosa Adeyemi")
    form = form_of(tom.get(OPENING, secure=True))
    hers = form["words"].replace("picked out", "chosen")
    his = form["words"].replace("the more we can do", "the more we can help")
    assert rosa.post(OPENING, form | {"words": hers}, secure=True).status_code == 302
    answer = tom.post(OPENING, form | {"words": his}, secure=True)
    words = words_of(answer, 409)
    assert "Rosa Adeyemi saved this section at 10am" in words
    assert "New: chosen." in words
    again = form_of(answer)
    assert again["words"].split() == his.split()
    both = again["words"].replace("picked out", "chosen")
    assert tom.post(OPENING, again | {"words": both}, secure=True).status_code == 302
    final = form_of(tom.get(OPENING, secure=True))["words"]
    assert "chosen" in final
    assert "we can help" in final


def test_words_are_checked_before_they_are_saved() -> None:
    a_draft()
    author = signed_in(Role.AUTHOR)
    form = form_of(author.get(OPENING, secure=True))
    risky = form["words"].replace("You have not been picked out.", "Some children put themselves at risk.")
    answer = author.post(f"{ONE}check/en/opening/", form | {"words": risky}, secure=True)
    assert answer.status_code == 200
    assert "1 finding here" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert "Nobody has changed a word yet" in words_of(author.get(f"{ONE}versions/", secure=True))


def test_every_medium_can_be_looked_at_by_all_who_read_letters() -> None:
    a_draft()
    reader = signed_in(Role.DELEGATE)
    assert reader.post(OPENING, {"words": "x"}, secure=True).status_code == 403
    assert "Save and check" not in words_of(reader.get(OPENING, secure=True))
    for medium in ("print", "large", "text", "web", "email", "newsletter", "briefing", "press"):
        words = words_of(reader.get(f"{ONE}preview/en/{medium}/", secure=True))
        assert "It cannot be made yet" not in words
    picture = reader.get(f"{ONE}preview/en/print/page-2.png", secure=True)
    assert picture.content.startswith(b"\x89PNG")
    assert reader.get(f"{ONE}preview/en/print/page-3.png", secure=True).status_code == 404
    framed = reader.get(f"{ONE}preview/en/email/shown/", secure=True)
    assert "sandbox" in framed.headers["Content-Security-Policy"]
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert reader.get(f"{ONE}preview/xx/email/", secure=True).status_code == 404
