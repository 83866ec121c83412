"""An author's pages: a letter is begun, written, looked at and sent for approval. Nothing that was typed is lost."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from everyfamily.core.partnership.second_person import Watch
from everyfamily.core.permissions import Role
from everyfamily_postgres.launcher import Server
from tests.factories.demonstration import PACK, REFERENCE
from tests.factories.doors import open_doors
from tests.factories.drafted import AUTHOR, NOW, approved, begun, frozen_now, with_keys
from tests.factories.english_pack import english_files, english_pack
from tests.factories.signed_in import signed_in
from tests.factories.two_versions import two_version_files

pytestmark = [pytest.mark.database, pytest.mark.slow]

ONE = f"/letters/{REFERENCE}/"
OPENING = f"{ONE}write/en/opening/"


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from everyfamily.mailings.installation import clock

    monkeypatch.setattr(clock, "now", lambda: NOW)
    with open_doors(tmp_path), with_keys(tmp_path):
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
    assert "Choose the letter" in words_of(author.post("/letters/new/", {}, secure=True), 422)
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
    assert "Spring term 2027: child sexual exploitation" in versions
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
    begun()
    author = signed_in(Role.AUTHOR)
    form = form_of(author.get(OPENING, secure=True))
    for wrong, reason in (
        (form["words"].replace("((partners))", "((partner))"), "Paragraph 2: The gap"),
        (form["words"].replace("letter", "<b>letter</b>"), "is mark-up"),
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
    begun()
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


def test_what_no_section_has_is_mended_where_the_finding_leads_to(tmp_path: Path) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    begun()
    settings = tmp_path / "partnership.toml"
    text = settings.read_text(encoding="utf-8")
    old = 'checked_on = 2027-02-25\nchecked_by = "demo"\nexpires_on = 2027-03-27'
    assert text.count(old) > 2
    head, tail = text.split('id = "local"')
    # No line was rung in time, and nobody asked one of them when it answers.
    tail = tail.replace('hours_confirmed_on = 2027-02-25\nhours_confirmed_by = "demo"\n', "", 1)
    for place in ("2027-03-27", "2027-05-26"):
        head, tail = (part.replace(f"expires_on = {place}", "expires_on = 2027-02-28") for part in (head, tail))
    settings.write_text(f'{head}id = "local"{tail}', encoding="utf-8")
    author, reader = signed_in(Role.AUTHOR, "Tom Rydal"), signed_in(Role.REVIEWER)
    author.get("/routes/local/", secure=True)
    with CaptureQueriesContext(connection) as asked:
        page = author.get(f"{ONE}findings/", secure=True)
    assert len(asked) <= 15
    words = words_of(page)
    assert "The check of 0151 496 0120 ended on 28 February 2027" in words
    assert "Front door manager, Eastmere City Council looks after this line." in words
    assert 'href="/routes/local/"' in page.content.decode()
    assert "register" not in words
    assert "2027-02" not in words
    preview = author.get(f"{ONE}preview/en/print/", secure=True)
    assert "Its last check counts until 28 February 2027." in words_of(preview)
    assert 'href="/routes/local/"' in preview.content.decode()
    others = reader.get(f"{ONE}findings/", secure=True)
    assert "/routes/" not in others.content.decode()
    assert "A coordinator or an author can ring and sign it: Tom Rydal." in words_of(others)
    assert "/settings/" not in others.content.decode()
    assert "can change them. Nobody has that role yet" in words_of(others)
    settings.write_text(text.replace("label = ", "labels = ", 1), encoding="utf-8")
    broken = words_of(author.get(OPENING, secure=True), 409)
    assert "A coordinator or an administrator can change them." in broken


def test_words_are_checked_before_they_are_saved() -> None:
    begun()
    author = signed_in(Role.AUTHOR)
    form = form_of(author.get(OPENING, secure=True))
    risky = form["words"].replace("You have not been picked out.", "Some children put themselves at risk.")
    answer = author.post(f"{ONE}check/en/opening/", form | {"words": risky}, secure=True)
    assert answer.status_code == 200
    assert "1 finding here" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert "Nobody has changed a word yet" in words_of(author.get(f"{ONE}versions/", secure=True))


def test_every_medium_can_be_looked_at_by_all_who_read_letters() -> None:
    begun()
    reader = signed_in(Role.DELEGATE)
    assert reader.post(OPENING, {"words": "x"}, secure=True).status_code == 403
    read = words_of(reader.get(OPENING, secure=True))
    assert "You have not been picked out." in read
    assert "Save and check" not in read
    assert "Words of this section" not in read
    for medium in ("print", "large", "text", "web", "email", "newsletter", "briefing", "press"):
        words = words_of(reader.get(f"{ONE}preview/en/{medium}/", secure=True))
        assert "It cannot be made yet" not in words
        assert "Change the words" not in words
    assert "As press offices will get it: press lines" in words
    author = signed_in(Role.AUTHOR)
    assert f'href="{ONE}write/en/press/"' in author.get(f"{ONE}preview/en/press/", secure=True).content.decode()
    picture = reader.get(f"{ONE}preview/en/print/page-2.png", secure=True)
    assert picture.content.startswith(b"\x89PNG")
    assert reader.get(f"{ONE}preview/en/print/page-3.png", secure=True).status_code == 404
    framed = reader.get(f"{ONE}preview/en/email/shown/", secure=True)
    assert "sandbox" in framed.headers["Content-Security-Policy"]
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert reader.get(f"{ONE}preview/xx/email/", secure=True).status_code == 404


def test_what_a_check_warns_of_can_be_kept_for_a_reason_and_taken_back() -> None:
    begun()
    author = signed_in(Role.AUTHOR, "Tom Rydal")
    form = form_of(author.get(OPENING, secure=True))
    longer = "a change and the earlier we know about it the more we can do to help your child."
    long = form["words"].replace("a change. The earlier we know, the more we can do.", longer)
    assert author.post(OPENING, form | {"words": long}, secure=True).status_code == 302
    found = author.get(f"{ONE}findings/", secure=True)
    assert "Change it, or ask to keep it: 1" in words_of(found)
    waive = re.search(r'href="(/letters/[^"]+/waive/RD001/en/[^"]+)"', found.content.decode())
    assert waive
    assert "Send it for approval" in words_of(author.get(ONE, secure=True))
    assert "must be put right first" in words_of(author.get(f"{ONE}ask/", secure=True))
    for wrong in (
        {"reason": "", "ends_on": "2027-04-01"},
        {"reason": "It is a quotation.", "ends_on": "2027-01-01"},
    ):
        assert "Nothing was saved" in words_of(author.post(waive[1], wrong, secure=True), 422)
    kept = {"reason": "It is a quotation of a parent.", "ends_on": "2027-04-01"}
    assert author.post(waive[1], kept, secure=True).status_code == 302
    words = words_of(author.get(f"{ONE}findings/", secure=True))
    assert "Nothing stops this letter" in words or "Nothing found" in words
    assert "It is a quotation of a parent. Until 1 April 2027. Asked for by Tom Rydal." in words
    assert "RD001" in words_of(author.get(f"{ONE}ask/", secure=True))
    page = author.get(f"{ONE}findings/", secure=True).content.decode()
    end = re.search(r'action="(/letters/[^"]+/waivers/\d+/end/)"', page)
    assert end
    assert author.post(end[1], secure=True).status_code == 302
    assert "1 finding to put right" in words_of(author.get(f"{ONE}findings/", secure=True))
    assert author.get(waive[1].replace("RD001", "HM103"), secure=True).status_code == 404
    assert author.post(f"{ONE}waive/RD001/en/{'talk' * 30}/", kept, secure=True).status_code == 404


def of_the_plan() -> dict[str, str]:
    """What the plan asks authors for: the kind of work and the page that does it."""
    from everyfamily.accounts.desk.of_year import of_year
    from everyfamily.letters.draft_queries.words import partnership_now
    from everyfamily.letters.draft_queries.year import year_facts

    spring = "Spring term 2027"
    waits = [one for one in of_year(partnership_now(NOW), year_facts(), (), NOW) if one.place == spring]
    return {one.kind.name: one.at for one in waits if one.kind.name != "YEAR_SEND"}


def test_an_author_says_where_a_fact_of_their_own_comes_from() -> None:
    begun()
    author = signed_in(Role.AUTHOR)
    form = form_of(author.get(OPENING, secure=True))
    fact = "In 2026, one in five children here told us that somebody online had frightened them."
    told = form["words"].replace("You have not been picked out.", fact)
    assert author.post(OPENING, form | {"words": told}, secure=True).status_code == 302
    page = author.get(OPENING, secure=True)
    link = re.search(r'href="(/letters/[^"]+/source/en/opening/2/)">Say where it comes', page.content.decode())
    assert link
    assert "Say where the fact comes from, or take it out." in words_of(page)
    given = {
        "supports": "What children told us",
        "address": "Our survey of schools, 4 December 2026",
        "status": "found",
        "as_found": "21 of 100 children said so.",
        "review_on": "2027-12-01",
    }
    for name, wrong in (("supports", ""), ("review_on", "soon"), ("review_on", "2027-03-01"), ("status", "")):
        refused = author.post(link[1], given | {name: wrong}, secure=True)
        assert "Nothing was saved" in words_of(refused, 422)
        assert "21 of 100 children said so." in refused.content.decode()
    for _ in range(2):
        assert author.post(link[1], given, secure=True).headers["Location"] == link[1]
    assert words_of(author.get(link[1], secure=True)).count("What children told us") == 2, (
        "as a heading, and its button"
    )
    page = author.get(OPENING, secure=True)
    assert "Rests on: What children told us" in words_of(page)
    assert "Say where the fact comes from" not in words_of(page)
    toml = author.get(f"{ONE}overrides.toml", secure=True).content.decode()
    assert '[sources."OWN1"]' in toml
    assert toml.count("OWN1") == 2
    form = form_of(page)
    again = form["words"].replace("frightened", "worried")
    assert author.post(OPENING, form | {"words": again}, secure=True).status_code == 302
    assert "Rests on: What children told us" in words_of(author.get(OPENING, secure=True))
    assert author.post(link[1], {"off": "OWN1"}, secure=True).status_code == 302
    assert "OWN1" not in author.get(f"{ONE}overrides.toml", secure=True).content.decode()
    assert author.get(link[1].replace("opening/2", "opening/1"), secure=True).status_code == 404


def test_a_letter_is_frozen_and_sent_and_a_change_overtakes_it() -> None:
    from everyfamily.letters.actions.freezing import freeze
    from everyfamily.letters.actions.reviewing import leave_note
    from everyfamily.letters.draft_queries.frozen import current_version

    begins = "/letters/new/?letter=spring-2027+child-sexual-exploitation"
    assert of_the_plan() == {"YEAR_PREPARE": begins, "YEAR_APPROVE": ""}
    draft_id = begun()
    assert of_the_plan() == {"YEAR_PREPARE": ONE, "YEAR_APPROVE": ONE}
    author, signed = signed_in(Role.AUTHOR, "Tom Rydal"), signed_in(Role.SIGNATORY, "Ruth Calloway")
    before = words_of(author.get(f"{ONE}ask/", secure=True))
    assert "Ruth Calloway can approve here" in before
    told = words_of(signed.get(ONE, secure=True))
    assert "An author can write it and send it for approval: Tom Rydal." in told
    assert "See who approves it" in told
    assert "so it is approved by file" in before
    assert signed.post(f"{ONE}ask/", secure=True).status_code == 403
    assert author.get(f"{ONE}folder.zip", secure=True).status_code == 404
    for _ in range(2):
        assert author.post(f"{ONE}ask/", secure=True).status_code == 302
    waiting = author.get(f"{ONE}ask/", secure=True)
    assert waiting.headers["Refresh"] == f"3; url={ONE}ask/"
    assert "It waits for a worker" in words_of(waiting)
    version = current_version(draft_id)
    assert version is not None
    assert version.number == 1
    freeze(version.id, lambda: NOW)
    assert of_the_plan() == {"YEAR_APPROVE": ONE}
    sent = author.get(f"{ONE}ask/", secure=True)
    assert "Refresh" not in sent.headers
    assert "Version 1 was frozen for Tom Rydal" in words_of(sent)
    theirs = signed.get(ONE, secure=True)
    assert f"{ONE}approve/" in theirs.content.decode()
    assert "It waits for the approval of Eastmere City Council and Eastmere Police." in words_of(theirs)
    assert "Put right" not in words_of(theirs)
    assert "Waits for approvals" in words_of(author.get("/letters/", secure=True))
    assert author.get(f"{ONE}folder.zip", secure=True).content.startswith(b"PK")
    leave_note(draft_id, "Say Monday.", passage="opening/2", by=AUTHOR, now=NOW)
    page = author.get(OPENING, secure=True)
    assert "every approval of it counts for nothing" in words_of(page)
    assert "Robin Example left a note" in words_of(page)
    assert "left a note" not in words_of(author.get(f"{ONE}write/en/danger/", secure=True))
    form = form_of(page)
    changed = form["words"].replace("picked out", "chosen")
    assert author.post(OPENING, form | {"words": changed}, secure=True).status_code == 302
    assert "Version 1 no longer counts" in words_of(author.get(f"{ONE}ask/", secure=True))
    assert "Being written" in words_of(author.get("/letters/", secure=True))


def test_a_letter_is_begun_from_one_that_came_in_as_a_folder(tmp_path: Path) -> None:
    from everyfamily.core.letter.compose import compose
    from everyfamily.core.packs.overrides import parse_overrides
    from everyfamily.core.packs.overriding import with_overrides
    from everyfamily.core.partnership.partnership import load_partnership
    from everyfamily.letters.files.record import build_record
    from everyfamily.letters.models import Letter, Seal

    said = "There is no need to worry about an accusation. You have not been chosen, and our number is 0151 496 0120."
    was = next(one for one in english_pack().texts["en"].section("opening").passages if "picked out" in one.text)
    own = f'pack = "{PACK.name}"\nversion = "{english_pack().about.version}"\n[[changes]]\npassage = "{was.id}"\n'
    own += f'was = "{was.text}"\nwords = "{said}"\nwhy = "We say so here."\n'
    made = compose(
        with_overrides(english_pack(), *parse_overrides(own, "own.toml")),
        load_partnership(tmp_path / "partnership.toml"),
        term="spring-2027",
        dated=NOW.date(),
        reference="ES-2603-K7R4",
    )
    record = build_record(made, {}, findings=[], waivers=(), rule_set="2027.1", templates={})
    row = Letter.objects.create(
        reference=made.reference,
        topic=PACK.name,
        term="spring term 2026",
        digest="0" * 64,
        record=record,
        composed_at=NOW,
    )
    Seal.objects.create(letter=row, digest="0" * 64, published="{}", sealed_at=NOW)
    author = signed_in(Role.AUTHOR)
    assert "Our words of ES-2603-K7R4, of the spring term 2026" in words_of(
        author.get("/letters/new/", secure=True)
    )
    asked = {"letter": f"spring-2027 {PACK.name}", "dated": "2027-03-02", "reference": REFERENCE}
    begun = author.post("/letters/new/", asked | {"earlier": f"sealed-{row.pk}"}, secure=True)
    assert begun.headers["Location"] == ONE
    words = form_of(author.get(OPENING, secure=True))["words"]
    assert "You have not been chosen, and our number is ((route local))." in words
    assert "As in letter ES-2603-K7R4." in words_of(author.get(f"{ONE}versions/", secure=True))


def test_a_sealed_letter_gives_its_files_and_changes_no_more() -> None:
    from everyfamily.letters.actions.sealing import seal_asked
    from everyfamily.mailings.edges.letter_jobs import ask_seal

    frozen_id = frozen_now(begun())
    approved(frozen_id)
    sealing = ask_seal(frozen_id, needs_review=False, by=AUTHOR, now=NOW)
    assert sealing is not None
    seal_asked(sealing, lambda: NOW)
    reader = signed_in(Role.VIEWER)
    page = reader.get(ONE, secure=True)
    assert "Sealed 1 March 2027" in words_of(page)
    file = re.search(r'href="(/letters/[^"]+/files/\d+/)">Letter on paper', page.content.decode())
    assert file
    assert reader.get(file[1], secure=True).content.startswith(b"%PDF")
    assert reader.get(f"{ONE}kit.zip", secure=True).content.startswith(b"PK")
    assert b"everyfamily seal" in reader.get(f"{ONE}seal.json", secure=True).content
    assert "Sealed" in words_of(reader.get("/letters/", secure=True))
    author = signed_in(Role.AUTHOR)
    form = form_of(author.get(OPENING, secure=True))
    refused = author.post(OPENING, form | {"words": form["words"].replace("picked out", "chosen")}, secure=True)
    assert "a sealed letter never changes" in words_of(refused, 422)
    assert f"It is sealed already · {REFERENCE}" in words_of(new := author.get("/letters/new/", secure=True))
    assert f'href="{ONE}"' in new.content.decode()


def test_what_the_pack_changed_is_shown_beside_both_words(tmp_path: Path) -> None:
    from django.test import override_settings

    draft_id = begun()
    author = signed_in(Role.AUTHOR)
    form = form_of(author.get(OPENING, secure=True))
    ours = form["words"].replace("picked out", "chosen")
    assert author.post(OPENING, form | {"words": ours}, secure=True).status_code == 302
    folder = tmp_path / "packs" / PACK.name
    folder.mkdir(parents=True)
    for name, data in english_files().items():
        (folder / name).write_bytes(
            data.replace(b"You have not been picked out.", b"Nobody has been picked out.")
        )
    with override_settings(EVERYFAMILY_PACKS=str(tmp_path / "packs")):
        page = author.get(f"{ONE}pack/", secure=True)
        assert "You say here" in words_of(page)
        take = re.search(r'name="take" value="([0-9a-f]+)"', page.content.decode())
        assert take
        assert author.post(f"{ONE}pack/", {"take": take[1]}, secure=True).status_code == 302
        assert "This letter cannot be made now" in words_of(author.get(OPENING, secure=True), 409)
        words = words_of(author.get(f"{ONE}pack/", secure=True))
        assert "1 of your passages was written for other words" in words
        assert "The pack said" in words
        keep = {"passage": "opening/2", "language": "en", "keep": "1"}
        assert author.post(f"{ONE}pack/", keep, secure=True).status_code == 302
        assert "chosen" in form_of(author.get(OPENING, secure=True))["words"]
        again = begun_from(author, draft_id)
        assert "chosen" in form_of(author.get(f"{again}write/en/opening/", secure=True))["words"]


def begun_from(author: Any, earlier: int) -> str:
    """The address of the letter that is begun again with an earlier one's words."""
    assert author.post(f"{ONE}give-up/", secure=True).status_code == 302
    asked = {
        "letter": "spring-2027 child-sexual-exploitation",
        "dated": "2027-03-02",
        "earlier": str(earlier),
        "reference": "ES-2703-Q4M9",
    }
    answer = author.post("/letters/new/", asked, secure=True)
    assert answer.status_code == 302, words_of(answer, 422)
    return str(answer.headers["Location"])


def settings_are_kept() -> None:
    """The file's settings are in force as a version in the database."""
    from everyfamily.core.actors import Actor
    from everyfamily.partnership.actions import import_settings
    from everyfamily.partnership.queries import in_force

    found = in_force()
    assert found is not None
    import_settings(found.files, found.partnership, Actor.worker(), None, NOW, watch=Watch(False))


def test_no_page_asks_the_database_much() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.factories.drafted import saved

    draft_id, author = begun(), signed_in(Role.AUTHOR)
    settings_are_kept()
    signed_in(Role.REVIEWER, "Una Ford")
    parts = [
        "",
        "write/en/opening/",
        "findings/",
        "versions/",
        "ask/",
        "languages/",
        "preview/en/print/",
        "pack/",
    ]
    pages = ["/letters/", "/letters/new/", *(f"{ONE}{part}" for part in parts)]

    def counted() -> dict[str, int]:
        found = {}
        for page in pages:
            with CaptureQueriesContext(connection) as asked:
                answer = author.get(page, secure=True)
            assert answer.status_code == 200
            assert len(answer.content) < 60_000
            found[page] = len(asked)
        return found

    counted()
    first = counted()
    assert max(first.values()) <= 15, first
    for number in range(10):
        saved(draft_id, "opening", {"opening/2": f"We write to every family, and this is number {number}."})
    assert counted() == first
    approved(frozen_now(draft_id), "police")
    assert max(counted().values()) <= 15


def test_both_versions_of_a_letter_are_written_and_looked_at(tmp_path: Path) -> None:
    from django.test import override_settings

    from everyfamily.letters.draft_queries.drafts import known_draft
    from everyfamily.letters.draft_queries.words import letter_of_draft, partnership_now

    folder = tmp_path / "packs" / PACK.name
    folder.mkdir(parents=True)
    for name, data in two_version_files().items():
        (folder / name).write_bytes(data)
    with override_settings(EVERYFAMILY_PACKS=str(tmp_path / "packs")):
        begun()
    author = signed_in(Role.AUTHOR)
    assert "For primary schools" in words_of(author.get(OPENING, secure=True))
    for part, field, words in (
        ("title", "field-primary/title", "Keeping our youngest safe"),
        ("outside", "field-primary/subject", "A letter for you"),
    ):
        page = f"{ONE}write/en/primary/{part}/"
        form = form_of(author.get(page, secure=True))
        assert author.post(page, form | {field: words}, secure=True).status_code == 302
    opening = f"{ONE}write/en/primary/opening/"
    form = form_of(author.get(opening, secure=True))
    changed = form["words"].replace("picked out", "chosen")
    assert author.post(opening, form | {"words": changed}, secure=True).status_code == 302
    made = letter_of_draft(known_draft(REFERENCE), partnership_now(NOW))
    assert made.overridden is not None
    assert set(made.overridden.passages) == {"en primary/title", "en primary/subject", "en primary/opening/2"}
    assert "For secondary schools" in words_of(author.get(f"{ONE}preview/en/print/", secure=True))
    assert "Keeping our youngest safe" in words_of(author.get(f"{ONE}preview/en/print/?for=primary", secure=True))


def test_a_translation_is_written_beside_its_english_and_read_by_a_second_person(tmp_path: Path) -> None:
    from django.test import override_settings

    folder = tmp_path / "packs" / PACK.name
    folder.mkdir(parents=True)
    files = english_files()
    digest = english_pack().texts["en"].english_digest
    table = f'\n[translations.pl]\ntranslator = "Ola Example"\nenglish_digest = "{digest}"\n'
    files["pack.toml"] = files["pack.toml"].replace(b'["en"]', b'["en", "pl"]') + table.encode()
    files |= {name.replace(".en.", ".pl."): data for name, data in files.items() if ".en." in name}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    with override_settings(EVERYFAMILY_PACKS=str(tmp_path / "packs")):
        begun()
    author = signed_in(Role.AUTHOR, "Tom Rydal")
    form = form_of(author.get(OPENING, secure=True))
    changed = form["words"].replace("picked out", "chosen")
    assert author.post(OPENING, form | {"words": changed}, secure=True).status_code == 302
    polish = f"{ONE}write/pl/opening/"
    page = author.get(polish, secure=True)
    assert words_of(page).count("The English changed") == 1
    form = form_of(page)
    wrong = {"field-opening/2": form["field-opening/2"].replace("((partners))", "((partner))")}
    assert "The gap" in words_of(author.post(polish, form | wrong, secure=True), 422)
    right = {"field-opening/2": form["field-opening/2"].replace("picked out", "wybrani")}
    assert author.post(polish, form | right, secure=True).status_code == 302
    assert "The English changed" not in words_of(author.get(polish, secure=True))
    # What is added to the English is added to the translation too, from the top.
    english = form_of(author.get(OPENING, secure=True))
    more = english["words"] + "\n\nWe write each term.\n\nWe answer every call."
    assert author.post(OPENING, english | {"words": more}, secure=True).status_code == 302
    page = author.get(polish, secure=True)
    assert words_of(page).count("Only in English") == 2
    form = form_of(page)
    first, second = [name for name, words in form.items() if name.startswith("field-") and not words.strip()]
    refused = words_of(author.post(polish, form | {second: "Odbieramy."}, secure=True), 422)
    assert "Translate them from the top." in refused
    both = {first: "Piszemy co trymestr.", second: "Odbieramy."}
    assert author.post(polish, form | both, secure=True).status_code == 302
    page = author.get(polish, secure=True)
    assert "Only in English" not in words_of(page)
    assert form_of(page)[second] == "Odbieramy."
    assert "Polish" in words_of(author.get(f"{ONE}languages/", secure=True))
    assert author.post(f"{ONE}languages/pl/read/", secure=True).status_code == 302
    assert "Read by Tom Rydal" in words_of(author.get(f"{ONE}languages/", secure=True))


def test_a_letter_is_sent_to_ones_own_address_and_to_no_other() -> None:
    from django.test import override_settings

    from everyfamily.accounts.desk.drafts_by_mail import send_asked
    from everyfamily.accounts.models import Membership, SentDraft
    from everyfamily.audit.models import AuditEvent
    from everyfamily.channels.base import Submission
    from everyfamily.core.sending.fallback import AttemptStatus

    begun()
    author = signed_in(Role.AUTHOR, "Tom Rydal")
    page = f"{ONE}send-me/"
    assert "tom@example.org, the address of your account, and to nobody else" in words_of(
        author.get(page, secure=True)
    )
    assert "Nothing is chosen." in words_of(author.post(page, {"language": "en"}, secure=True), 422)
    sent: list[Any] = []

    class Listening:
        carries_files = True

        def send(self, messages: list[Any], now: Any) -> list[Submission]:
            sent.extend(messages)
            return [Submission(one.reference, AttemptStatus.ACCEPTED) for one in messages]

    wanted = {"way": ["email", "print", "text", "newsletter"], "language": "en", "to": "else@example.org"}
    for _ in range(2):
        assert author.post(page, wanted, secure=True).headers["Location"] == page
    waiting = author.get(page, secure=True)
    assert "waits for a worker" in words_of(waiting)
    assert waiting.headers["Refresh"] == f"5; url={page}"
    assert AuditEvent.objects.filter(action="send draft to oneself").count() == 1
    with override_settings(EVERYFAMILY_STAND_INS=True):
        send_asked(SentDraft.objects.get().pk, Listening(), lambda: NOW)  # type: ignore[arg-type]
    assert [one.to for one in sent] == ["tom@example.org"] * 2
    assert all(one.body.subject.startswith("DRAFT, not approved") for one in sent)
    as_families, rest = (one.body for one in sent)
    assert as_families.html
    assert [file.name for file in rest.files] == ["draft-letter-en.pdf"]
    assert rest.files[0].content.startswith(b"%PDF")
    assert "The text message in English" in rest.text
    assert "It is 2 texts, from Eastmere." in rest.text
    assert "The newsletter item in English" in rest.text
    assert "We sent you 2 emails at 10am." in words_of(author.get(page, secure=True))

    # A worker that died after the first of two is followed by one that sends the second.
    assert author.post(page, wanted, secure=True).status_code == 302
    begun_before = SentDraft.objects.latest("pk").pk
    SentDraft.objects.filter(pk=begun_before).update(done=1, of=2)
    with override_settings(EVERYFAMILY_STAND_INS=True):
        send_asked(begun_before, Listening(), lambda: NOW)  # type: ignore[arg-type]
    assert [bool(one.body.files) for one in sent] == [False, True, True]
    # One that died in a call may have sent it, so that email does not go again.
    assert author.post(page, wanted, secure=True).status_code == 302
    killed = SentDraft.objects.latest("pk").pk

    class Dying(Listening):
        def send(self, messages: list[Any], now: Any) -> list[Submission]:
            super().send(messages, now)
            raise KeyboardInterrupt

    with override_settings(EVERYFAMILY_STAND_INS=True):
        with pytest.raises(KeyboardInterrupt):
            send_asked(killed, Dying(), lambda: NOW)  # type: ignore[arg-type]
        send_asked(killed, Listening(), lambda: NOW)  # type: ignore[arg-type]
    assert [bool(one.body.files) for one in sent] == [False, True, True, False, True]
    # And nothing goes to somebody whose role has ended meanwhile.
    assert author.post(page, wanted, secure=True).status_code == 302
    roles = Membership.objects.filter(account__email="tom@example.org")
    roles.update(ended_at=NOW)
    send_asked(SentDraft.objects.latest("pk").pk, Listening(), lambda: NOW)  # type: ignore[arg-type]
    roles.update(ended_at=None)
    assert len(sent) == 5
    assert "or your role has ended" in words_of(author.get(page, secure=True))

    def again() -> str:
        assert author.post(page, wanted, secure=True).status_code == 302
        send_asked(SentDraft.objects.latest("pk").pk, None, lambda: NOW)
        return words_of(author.get(page, secure=True))

    assert "It was not sent. The worker that took this up cannot send email." in again()
    assert SentDraft.objects.filter(seen_at=None, state="failed").count() == 0
    for _ in range(5):
        again()
    assert "asked 10 times in the last hour" in words_of(author.post(page, wanted, secure=True), 422)
    assert not AuditEvent.objects.filter(detail__icontains="example.org").exists()
