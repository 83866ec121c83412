"""Story: a number in the letter dies when half the city has it. A coordinator withdraws it, tells schools and the print
house, puts the right page up, and sends a correction and a replacement. Typed commands, a real database, a real mail
server, two workers, the pages in a real Chromium on a phone.

The days are simulated; the commands' own clock is today's, as for anybody who types them.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from everyfamily.core.actors import Actor
from tests.contract.mail_server import Taken
from tests.factories.city import REFERENCE, adult
from tests.factories.confirming import fingerprint_of
from tests.integration.conftest import city, database, database_server
from tests.integration.database.test_returns import GOOD, browser, path_of
from tests.journeys.browsers import a_browser
from tests.journeys.parent_site_visits import PHONE, Visit, visiting
from tests.journeys.site_servers import small_server_serving
from tests.journeys.test_a_mailing_with_trouble import Office, at, attest, office
from tests.journeys.test_letter_commands import PACK, Officer

pytestmark = [pytest.mark.database, pytest.mark.browser, pytest.mark.slow]
__all__ = ["city", "database", "database_server", "office"]

PAPER, ITSELF, FILED = 900011, 900012, 900013
RIGHT, WHOLE = "ES-2703-C0R2", "ES-2703-N3W5"
DEAD, ALIVE = "0151 496 0120", "0151 496 0125"
TERM = "/spring-2027/"


@dataclass
class Desk:
    """The coordinator's: what they type about letters, and about schools."""

    officer: Officer
    office: Office
    folder: Path

    def types(self, *words: str, code: int = 0) -> str:
        done = self.officer.types(*words)
        assert done.exit_code == code, done.output
        return done.output

    def makes(self, reference: str, day: str, *more: str) -> Path:
        """Compose, check, have approved by both, seal, and publish the seal."""
        letter = self.folder / reference
        place = ("--partnership", str(self.officer.partnership), "--term", "spring-2027", "--dated", day)
        self.types("compose", str(PACK), *place, "--reference", reference, "--out", str(letter), *more)
        self.types("check", str(letter), "--today", day)
        for who in ("childrens-services", "police"):
            key = ("--key", str(self.folder / f"{who}.pem"), "--passphrase-file", self.officer.passphrase)
            says_yes = ("--yes", "--fingerprint", fingerprint_of(letter))
            self.types("approve", str(letter), "--signatory", who, *key, *says_yes)
        self.types("seal", str(letter), *self.sealing())
        self.seals.mkdir(exist_ok=True)
        shutil.copy(letter / "seal.json", self.seals / f"{reference}.json")
        return letter

    def sealing(self) -> tuple[str, ...]:
        return ("--key", str(self.folder / "sealing.pem"), "--passphrase-file", self.officer.passphrase)

    @property
    def seals(self) -> Path:
        return self.folder / "seals"

    def publishes(self, day: str, *letters: Path) -> Path:
        """Make the site again; returns its web root."""
        words = ["site", str(self.folder / "site"), "--partnership", str(self.officer.partnership)]
        words += ["--seals", str(self.seals), "--language", "en", "--on", day]
        words += ["--sealing-key", self.officer.sealing_key]
        self.types(*words, *(word for letter in letters for word in ("--letter", str(letter))))
        return self.folder / "site" / "public"

    def verifies(self, what: str, code: int = 0) -> str:
        return self.types(
            "verify", what, "--seals", str(self.seals), "--sealing-key", self.officer.sealing_key, code=code
        )

    def posted(self, since: int = 0) -> list[Taken]:
        """What the mail server has taken for schools' mailboxes."""
        return [one for one in self.office.server.script.taken[since:] if one.to.startswith("office")]


@pytest.fixture
def desk(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Four schools by email and post, one that hands paper out in two classes, two that send the letter themselves."""
    from django.conf import settings

    from everyfamily.mailings.installation.carriers import carriers
    from everyfamily.people.models import School

    monkeypatch.setitem(settings.MAILERS["default"]["OPTIONS"], "port", office.server.port)
    monkeypatch.setattr(settings, "SECRET_KEY", "a key that only this test knows, and long enough")
    carriers.cache_clear()
    classes = [("P1", "4B"), ("P2", "4B"), ("P3", "4B"), ("P4", "5C"), ("P5", "5C")]
    rows = [adult(pupil, f"Ben Marsh {pupil}", CLASS=group) for pupil, group in classes]
    office.city.school(PAPER, rows, order=["pupil post"], attests=False)
    for urn in (ITSELF, FILED):
        office.city.school(urn, sends="school")
    for urn in (PAPER, ITSELF, FILED):
        School.objects.filter(urn=urn).update(mailbox=f"office{urn}@example.org")
    (tmp_path / "desk").mkdir()
    yield Desk(Officer(tmp_path / "desk"), office, tmp_path / "desk")


@contextmanager
def on_a_phone(public: Path, folder: Path) -> Iterator[tuple[Page, Visit]]:
    """The served site in Chromium, 390 pixels wide. Playwright runs no longer: Django works in no event loop."""
    with (
        small_server_serving(public, folder) as served,
        a_browser() as browser,
        visiting(browser, served, PHONE) as visit,
    ):
        yield visit.page, visit


def opens(desk: Desk, letter: Path, *more: str) -> str:
    """Send by the partnership's file: all schools in the first wave."""
    words = ("send", str(letter), "--sealing-key", desk.officer.sealing_key, "--by", "Coordinator", *more)
    return desk.types(*words)


def by_file(desk: Desk, day: str) -> tuple[str, ...]:
    return ("--partnership", str(desk.officer.partnership), "--opens", f"{day}T09:00")


def test_the_worst_hour(desk: Desk) -> None:
    city, office = desk.office.city, desk.office
    ours = [urn for urn in city.schools if urn not in (ITSELF, FILED)]

    # ---- Before: the letter is agreed and sent; the page is up; a class hands its copies out; one school files.
    wrong = desk.makes(REFERENCE, "2027-03-02")
    public = desk.publishes("2027-03-02", wrong)
    assert f"tel:{DEAD.replace(' ', '')}" in (public / "spring-2027/index.html").read_text(encoding="utf-8")
    opens(desk, wrong, *by_file(desk, "2027-03-02"))
    city.mailing = mailing_of(REFERENCE)
    attest(city, at("02T09:00"), *ours)
    office.passes_to(at("02T09:00"))
    office.passes_to(at("02T09:30"))
    assert len(office.emails()) == 12
    from everyfamily.mailings.actions.paper.hand_outs import record_hand_outs, words_for_class
    from everyfamily.mailings.actions.returns.return_links import open_returns

    school = city.schools[PAPER]
    words = words_for_class(school, group="4B", on=date(2027, 3, 2), without=("P3",), now=at("02T16:00"))
    record_hand_outs(school, words, by=Actor.typed("School office"), now=at("02T16:00"))
    open_returns(
        city.mailing,
        due_on=date(2027, 3, 12),
        close_on=date(2027, 3, 25),
        by=Actor.typed("team"),
        now=at("02T09:00"),
    )
    assert browser().post(path_of(city, FILED), GOOD).status_code == 303
    office.bounces("ana1@900001.example.org")
    office.passes_to(at("03T09:00"))
    assert office.printed(REFERENCE) == 1

    # ---- 10:00. The children's team's number is dead. It is withdrawn, and that is published.
    said = desk.types(
        *("withdraw", "--reference", REFERENCE, "--why", "the children's team number is dead"),
        *("--by", "Pat Example", "--agreed-by", "Bo Example", "--seals", str(desk.seals), *desk.sealing()),
    )
    assert "Adults who have it: email 11, post 1, handed over by schools 2." in said
    assert "At the print house, unless it has gone: 1 letter in 1 folder, each with a stop notice now." in said
    assert f"{PAPER}: 2 " in said
    assert f"have sent it: {FILED}" in said
    assert f"may have sent it: {ITSELF}" in said

    # Whoever holds it is told: by mail to schools, by a sheet, by a notice in the print house's folder.
    before = len(office.server.script.taken)
    desk.types("tell-schools")
    mails = {one.to: one.mail for one in desk.posted(before)}
    assert set(mails) == {f"office{urn}@example.org" for urn in (PAPER, ITSELF, FILED)}
    assert "5C: 2" in mails[f"office{PAPER}@example.org"].get_content()
    assert f"school {PAPER}: copies of a withdrawn letter" in desk.types("tasks")
    sheet = desk.folder / "bin.pdf"
    desk.types("hand-outs", "bin-sheet", "--school", str(PAPER), "--reference", REFERENCE, "--out", str(sheet))
    assert sheet.read_bytes().startswith(b"%PDF")
    assert len(list((office.folder / "outbox/print").glob(f"post/*/{REFERENCE}_*/STOP.txt"))) == 1

    # 10:10. The right number stands in the file, and the page says so before anybody has approved another letter.
    text = desk.officer.partnership.read_text(encoding="utf-8")
    desk.officer.partnership.write_text(text.replace(DEAD, ALIVE), encoding="utf-8")
    public = desk.publishes("2027-03-03")
    assert "withdrawn on" in desk.verifies(REFERENCE, code=1)
    assert "withdrawn on" in desk.verifies(str(wrong / "files/en/letter.pdf"), code=1)
    with on_a_phone(public, desk.folder) as (page, visit):
        page.goto(TERM)
        expect(page.get_by_text("We withdrew this letter on")).to_be_visible()
        expect(page.get_by_role("main").get_by_role("link", name=ALIVE).first).to_be_visible()
        assert DEAD not in page.content().replace("\xa0", " ")

    # 10:20. The school says what is left, and that it is binned.
    assert "2 copies binned" in desk.types("hand-outs", "binned", "--school", str(PAPER), "--by", "School Office")
    assert f"school {PAPER}: copies" not in desk.types("tasks")

    # ---- 10:30. The correction and the replacement: made, checked, approved by both, sealed, published.
    right = desk.makes(RIGHT, "2027-03-03", "--corrects", str(wrong), "--wrong-route", "local")
    whole = desk.makes(WHOLE, "2027-03-03", "--replaces", str(wrong))
    said = desk.verifies(REFERENCE, code=1)
    assert f"{RIGHT} corrects it." in said
    assert f"{WHOLE} takes its place." in said
    assert f"It corrects {REFERENCE}, which was withdrawn on" in desk.verifies(RIGHT)
    assert f"It takes the place of {REFERENCE}" in desk.verifies(str(whole / "files/en/letter.pdf"))
    public = desk.publishes("2027-03-03", right, whole)
    with on_a_phone(public, desk.folder) as (page, visit):
        # Somebody who has the replacement finds this term's letter; somebody who has the wrong one finds what is right.
        page.goto(TERM)
        main = page.get_by_role("main")
        expect(main.get_by_text("Sent to every parent and carer.")).to_be_visible()
        expect(
            main.get_by_text(f"Is your letter’s reference {REFERENCE}? We withdrew that letter.")
        ).to_be_visible()
        main.get_by_role("link", name="Why we wrote again").click()
        # Whoever has the correction finds why.
        expect(page).to_have_url(re.compile(rf"/genuine/{RIGHT}/$"))
        expect(
            page.get_by_text(f"We wrote to you again because our letter of 2 March 2027, reference {REFERENCE}")
        ).to_be_visible()
        assert page.get_by_text("withdrew it").count() == 0
        page.goto(f"/genuine/{REFERENCE}/")
        expect(page.get_by_text("We withdrew this letter on")).to_be_visible()
        expect(page.get_by_text("The letter that takes its place:")).to_be_visible()
        # A reference is typed, not followed.
        page.goto("/genuine/")
        for reference, answer in (
            (REFERENCE, "We sent this letter and then withdrew it."),
            (RIGHT, "We wrote to you again because an earlier letter was wrong."),
            (WHOLE, "We have sent a letter with this reference."),
        ):
            page.get_by_label("Type the reference from your letter").fill(reference)
            expect(page.get_by_role("status")).to_contain_text(answer)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert visit.said == []

    # ---- 10:45. A correction is not sent to everybody by a slip.
    slip = CliRunner().invoke(
        main_command(),
        [
            "send",
            str(right),
            "--sealing-key",
            desk.officer.sealing_key,
            "--by",
            "C D",
            *by_file(desk, "2027-03-03"),
        ],
    )
    assert (slip.exit_code, "EF366" in slip.output) == (2, True), slip.output
    before = len(office.server.script.taken)
    opens(desk, right, "--corrects", REFERENCE)
    opens(desk, whole, "--replaces", REFERENCE, *by_file(desk, "2027-03-04"))
    # The correction at once; the replacement on a Monday, as any letter, on the leads' new word.
    office.passes_to(at("03T10:50"))
    office.passes_to(at("03T10:51"))
    assert len(office.emails(since=before)) == 11
    attest(city, at("08T08:00"), *ours)
    office.passes_to(at("08T09:00"))
    office.passes_to(at("08T09:01"))
    emails = office.emails(since=before)
    assert max(emails.values()) == 1
    assert len(emails) == 11, "those who had it by email; nobody else has one, and nobody has two"
    assert office.printed(RIGHT) == 1
    assert copies(desk, RIGHT) == 2, "those whose class had handed them over"
    assert copies(desk, WHOLE) == 3, "those who got no copy, or whose copies were binned"

    # The schools that send themselves get the correction's kit and a return of it.
    right_mailing = mailing_of(RIGHT)
    open_returns(
        right_mailing,
        due_on=date(2027, 3, 12),
        close_on=date(2027, 3, 25),
        by=Actor.typed("team"),
        now=at("08T09:00"),
    )
    from everyfamily.mailings.actions.returns.reminders import Post, remind_schools
    from everyfamily.mailings.installation.carriers import carriers

    post = Post(next(iter(carriers().values())), "https://letters.eastmere.example", lambda day: True)
    before = len(office.server.script.taken)
    assert remind_schools(right_mailing, post, at("08T10:00")).sent == 2
    [mail] = [one.mail.get_content() for one in desk.posted(before) if str(FILED) in one.to]
    assert f"{RIGHT}, corrects our letter {REFERENCE}" in " ".join(mail.split())
    city.mailing = right_mailing
    kit = browser().get(path_of(city, FILED) + "kit.zip")
    assert (kit.status_code, kit.content[:2]) == (200, b"PK")


def main_command():  # type: ignore[no-untyped-def]
    from everyfamily.cli.main import main

    return main


def mailing_of(reference: str) -> int:
    from everyfamily.mailings.queries.mailings import mailing_of_letter

    return mailing_of_letter(reference).id


def copies(desk: Desk, reference: str) -> int:
    """Copies for classes in the print folder."""
    lists = (desk.office.folder / "outbox/print/pupil-post").glob(f"{reference}_*/lists/*.csv")
    return sum(len(file.read_text().splitlines()) - 1 for file in lists)
