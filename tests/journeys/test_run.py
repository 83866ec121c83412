"""Story: somebody types `make run`, and comes in to the invented city as an author, a signatory, a lead and a viewer.

The command as it is, with ten children a school, and a real Chromium at phone width. The author works without
JavaScript, and the signatory with only the keyboard.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Locator, Page, expect

from everyfamily.cli.main import main
from everyfamily.core import permissions
from everyfamily_postgres.launcher import find
from everyfamily_postgres.roles import Role
from tests.journeys.axe import EVERY_RULE, OF_COLOURS, violations
from tests.journeys.browsers import a_browser, follow
from tests.journeys.faulty_export import faulty_export
from tests.journeys.served_demo import CHILDREN, PHONE, Run, come_in, everyfamily
from tests.journeys.served_demo import run as run
from tests.samples.old_council_letter import FOLDER
from tests.spec.tables import table

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


Played = tuple[dict[str, Any], Path]
"""What the command says with --json, and the folder where it put its files."""


@pytest.fixture(scope="module")
def played(run: Run) -> Played:
    return json.loads((run.folder.parent / "figures.json").read_text()), run.folder


def test_every_role_has_a_sign_in_and_the_three_parts_are_served(run: Run, browser: Browser) -> None:
    signed = {one["role"] for one in json.loads((run.folder / "keys" / "sign-ins.json").read_text())}
    assert len(signed) == 13, "eleven roles, and two more people who sign"
    for role in signed:
        assert re.search(rf"^  {role} +\S+@eastmere\.example +[a-z-]+$", run.said, re.MULTILINE)
    page = browser.new_page(**PHONE)
    page.goto(run.site)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(f"{run.base}/return/not-a-link/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(run.base)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.get_by_text("Demonstration")).to_be_visible()
    page.close()


def test_an_author_checks_the_council_letter_of_2015_without_javascript(run: Run, browser: Browser) -> None:
    # Given a communications officer who is signed in, on a phone that runs no script
    page = browser.new_context(**PHONE, java_script_enabled=False).new_page()
    come_in(page, run, "author")
    # When the officer gives the old letter to the check
    follow(page.get_by_role("link", name="Check a letter"))
    page.get_by_label("Choose a file").set_input_files(FOLDER / "old-council-letter.docx")
    follow(page.get_by_role("button", name="Check the letter"))
    # Then its words are underlined, with what to write instead, and the letter must not go out
    expect(page.get_by_role("heading", level=1)).to_have_text("Do not send this letter yet")
    assert page.locator("mark.k1").count() > 3
    expect(page.locator(".instead").first).to_be_attached()
    expect(page.get_by_role("navigation", name="Menu").get_by_text("Check a letter")).to_be_visible()
    # And one changed word is checked again
    page.locator("textarea").fill("Some children put themselves at risk online.")
    page.get_by_label("Yes").check()
    follow(page.get_by_role("button", name="Check again"))
    expect(page.locator("mark.k1")).to_have_text("put themselves at risk")
    page.context.close()


def test_a_press_on_publish_ends_in_a_site_that_is_served(run: Run, browser: Browser) -> None:
    """The site was exported before the second letter was sealed. Published again, it has that letter."""
    page = browser.new_context(**PHONE, java_script_enabled=False).new_page()
    letter = f"{run.site}/summer-2027/"
    assert page.request.get(letter).status == 404
    come_in(page, run, "coordinator")
    follow(page.get_by_role("link", name="Parent site"))
    follow(page.get_by_role("button", name="Publish for families"))
    expect(page.get_by_text("Published at")).to_be_visible(timeout=60_000)
    answer = page.request.get(letter)
    assert (answer.status, "ES-2704-M5T2" in answer.text()) == (200, True)
    page.context.close()


def test_a_signatory_comes_in_and_sees_the_desk_with_only_the_keyboard(run: Run, browser: Browser) -> None:
    page = browser.new_page(**PHONE)
    shown = run.code("signatory", seconds=12)
    page.goto(f"{run.base}/sign-in/")
    page.get_by_label("Email").focus()
    page.keyboard.type(shown["email"])
    page.keyboard.press("Tab")
    page.keyboard.type(shown["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code/**")
    page.get_by_label("Code").focus()
    page.keyboard.type(shown["code"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("for you")
    # The first stop of the keyboard leads past the menu, and every stop can be seen.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    stops = []
    for _ in range(6):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert {"Home", "Check a letter", "Sign out"} <= set(stops)
    assert not {"People", "Your schools"} & set(stops)
    page.close()


def test_a_lead_sees_only_their_own_schools(run: Run, browser: Browser) -> None:
    page = browser.new_page(**PHONE)
    come_in(page, run, "lead")
    follow(page.get_by_role("link", name="Your schools"))
    own = page.locator("main h2 a[href^='/schools/9']").evaluate_all("links => links.map(a => a.pathname)")
    assert len(own) == 2
    every = {f"/schools/{urn}/" for urn in re.findall(r"\b(9\d{5})\b", " ".join(_rolls(run)))}
    assert len(every) > 10
    for path in every - set(own):
        assert page.request.get(run.base + path).status == 404, path
    home = _a_school_that_we_send_for(page, run, own)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for path in (home, f"{home}people/", f"{home}people/invite/"):
        page.goto(run.base + path)
        assert _faults(page) == [], path
    # The bar is on every page of the school, and on a phone, too
    for name in ("Restrictions", "Families", "Contacts", "Paper", "Letter", "Roll", "Home"):
        follow(_bar(page, name))
        expect(_bar(page, name)).to_have_attribute("aria-current", re.compile("page|true"))
        assert _faults(page) == [], name
    assert page.request.get(f"{run.base}/people/").status == 403
    page.close()


def _a_school_that_we_send_for(page: Page, run: Run, own: list[str]) -> str:
    """Go to the home of one of these schools, and return its path. The most urgent comes first on the list, and that
    may be the school that sends the letter itself, whose bar has no families."""
    for path in own:
        page.goto(run.base + path)
        if _bar(page, "Families").count():
            return path
    raise AssertionError(own)


def _rolls(run: Run) -> list[str]:
    return [file.name for file in (run.folder / "rolls").iterdir()]


def test_an_office_puts_a_faulty_export_in_and_a_lead_goes_from_the_desk_to_the_last_hand_out(
    run: Run, browser: Browser, tmp_path: Path
) -> None:
    """On a phone that runs no script. The export is of a system that the reader was not told of."""
    # Given an office with an export that nobody told us about
    office = browser.new_context(**PHONE, java_script_enabled=False).new_page()
    come_in(office, run, "office")
    follow(office.get_by_role("link", name="Your schools"))
    urn = re.findall(r"\d+", office.url.removeprefix(run.base))[0]
    export = tmp_path / "contacts march.csv"
    export.write_bytes(faulty_export((run.folder / "rolls" / f"roll-{urn}.csv").read_text("utf-8")))
    # When the office uploads it, and says once what its columns mean
    follow(_bar(office, "Roll"))
    office.get_by_label("Choose the file").set_input_files(export)
    office.get_by_label("Yes, the whole roll").check()
    follow(office.get_by_role("button", name="Upload"))
    _heading(office, "Say what the columns mean")
    expect(office.get_by_label("Child’s own id")).to_have_value(re.compile(r"\d+"))
    follow(office.get_by_role("button", name="Continue"))
    # Then it is held, because most of its children are new here, and the lead says that it is right
    _heading(office, "Is this the right file?")
    lead = browser.new_context(**PHONE, java_script_enabled=False).new_page()
    come_in(lead, run, "lead")
    lead.goto(f"{run.base}/schools/{urn}/roll/file/")
    lead.get_by_label("Yes: it is our school’s newest file").check()
    follow(lead.get_by_role("button", name="Save my answer"))
    # And the office reads what would change, row by row of its own sheet, and puts it in
    office.reload()
    _heading(office, "Check what would change")
    expect(office.get_by_role("link", name="Download all 2 (CSV)")).to_be_visible()
    follow(office.get_by_role("button", name="Put this roll in"))
    _heading(office, "Your roll is in")
    # When the lead decides about the adult who waits, and attests in one screen
    lead.goto(f"{run.base}/schools/{urn}/")
    follow(lead.get_by_role("link", name="Who may have the letter", exact=True))
    follow(lead.get_by_role("link", name="Decide about Idris Vale"))
    lead.get_by_label("They must not have the letter").check()
    follow(lead.get_by_role("button", name="Save and go to the next"))
    lead.goto(f"{run.base}/schools/{urn}/attest/")
    for tick in lead.locator("main input[type=checkbox]").all():
        tick.check()
    follow(lead.get_by_role("button", name="Attest for 24 hours"))
    _heading(lead, "Your roll is right, by your word")
    # Then the letters go out, and what the office prints is handed out
    _until(lead, f"{run.base}/schools/{urn}/families/", "On its way")
    _until(office, f"{run.base}/schools/{urn}/hand-outs/", "Save for the classes I ticked")
    for tick in office.locator("main input[type=checkbox]").all():
        tick.check()
    follow(office.get_by_role("button", name="Save for the classes I ticked"))
    _heading(office, "All paper is accounted for")
    lead.goto(f"{run.base}/schools/{urn}/families/")
    assert "009004" in lead.locator("main").inner_text()
    for page in (office, lead):
        page.context.close()


def test_a_data_protection_officer_answers_a_request_in_three_presses(run: Run, browser: Browser) -> None:
    page = browser.new_context(**PHONE, java_script_enabled=False).new_page()
    come_in(page, run, "dpo")
    follow(page.get_by_role("link", name="Your schools"))
    urn = re.findall(r"\d+", page.url.removeprefix(run.base))[0]
    with (run.folder / "rolls" / f"roll-{urn}.csv").open(encoding="utf-8") as roll:
        who = next(row for row in csv.DictReader(roll) if row["EMAIL"])
    follow(_bar(page, "Data requests"))
    page.get_by_label("Who asks?").fill(who["EMAIL"])
    follow(page.get_by_role("button", name="Find the adult"))
    _heading(page, who["ADULT_NAME"])
    assert re.fullmatch(rf"/schools/{urn}/data/\d+/", page.url.removeprefix(run.base))
    follow(page.get_by_role("button", name="Prepare the file"))
    download = page.get_by_role("button", name="Download it to read")
    expect(download).to_be_visible(timeout=60_000)
    with page.expect_download() as given:
        download.click()
    assert who["ADULT_NAME"].split()[0].lower() not in given.value.suggested_filename.lower()
    said = given.value.path().read_text("utf-8")
    assert who["EMAIL"] in said
    assert who["ADDRESS_1"] in said
    page.context.close()


def _bar(page: Page, name: str) -> Locator:
    """A place of the school's bar."""
    return page.get_by_role("navigation", name="Menu").get_by_role("link", name=name, exact=True)


def _heading(page: Page, words: str) -> None:
    """What a worker does may take long on a machine that does more. The page of progress shows itself again."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words, timeout=60_000)


def _until(page: Page, address: str, words: str) -> None:
    """Open a page until it says something."""
    for _ in range(60):
        page.goto(address)
        if words in page.locator("main").inner_text():
            return
        time.sleep(1)
    raise AssertionError(page.locator("main").inner_text())


def test_every_page_can_be_used_by_everybody(run: Run, browser: Browser) -> None:
    """Each address of the product that somebody of these roles may open, once: nothing that axe knows of, light and
    dark, no sideways scroll on the smallest phone, one heading, and nothing that the policy of the page forbids."""
    found: dict[str, list[list[str]]] = {}
    # A page of the parent site, which has tests of its own. Here it runs no script, and says so in the console.
    others = {"site-preview"}
    for role in ("administrator", "coordinator", "dpo", "author", "viewer"):
        page = browser.new_page(**PHONE)
        complaints: list[str] = []
        page.on("console", lambda message, said=complaints: said.append(message.text))
        come_in(page, run, role)
        urn = _own_school(page)
        for name, path in _addresses(urn):
            if name in found or name in others or not _may_open(role, name):
                continue
            if not _is_page(page, run.base + path, name, others):
                continue
            page.set_viewport_size(PHONE["viewport"])
            page.emulate_media(color_scheme="light")
            complaints.clear()
            page.goto(run.base + path)
            found[name] = _faults(page) + [[one] for one in complaints]
            if page.locator("h1").count() != 1:
                found[name].append(["it has not one heading of the first level"])
            if page.locator("script:not([src]), iframe, [style]").count():
                found[name].append(["it has a script, a frame or a style within it"])
        page.close()
    assert {name: faults for name, faults in found.items() if faults} == {}
    assert len(found) >= 19, sorted(set(table("access")) - set(found))


def _may_open(role: str, name: str) -> bool:
    """By the table, which test_access_walk.py proves: a page that is refused is asked for there."""
    who = table("access")[name]
    return who not in permissions.Right.__members__ or (
        permissions.Right[who] in permissions.GRANTED[permissions.Role(role)]
    )


def _is_page(page: Page, address: str, name: str, others: set[str]) -> bool:
    """Whether it answers with a page. What is no page for anybody is added to `others`."""
    answer = page.request.get(address, max_redirects=0)
    is_html = answer.headers.get("content-type", "").startswith("text/html")
    is_file = answer.status == 200 and (not is_html or "content-disposition" in answer.headers)
    if is_file or answer.status == 405:
        others.add(name)
    return answer.status == 200 and not is_file


def _own_school(page: Page) -> int:
    links = page.locator("main a[href^='/schools/9']")
    return int(re.findall(r"\d+", links.first.get_attribute("href") or "")[0]) if links.count() else 0


def _addresses(urn: int) -> list[tuple[str, str]]:
    """Every address of the table that needs no secret and no row: its name and its path."""
    import django
    from django.urls import NoReverseMatch, reverse

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everyfamily.config.settings")
    django.setup()
    given: list[dict[str, object]] = [{}, {"code": "TR001"}, *([{"urn": urn}] if urn else [])]
    found = []
    for name in table("access"):
        for arguments in given:
            with contextlib.suppress(NoReverseMatch):
                found.append((name, reverse(name, kwargs=arguments)))
                break
    return [(name, path) for name, path in found if name not in ("robots", "account_logout")]


def _faults(page: Page) -> list[list[str]]:
    """What is wrong with a page for somebody, light and dark, on the smallest phone."""
    page.set_viewport_size({"width": 320, "height": 700})
    found = violations(page, EVERY_RULE)
    page.emulate_media(color_scheme="dark")
    found += violations(page, OF_COLOURS)
    if page.evaluate("document.documentElement.scrollWidth") > 320:
        found.append(["it scrolls sideways"])
    return found


def test_the_clock_of_the_demonstration_goes_on(run: Run) -> None:
    server = find(run.home / "ef" / "demo")
    assert server is not None
    with psycopg.connect(server.dsn(Role.APP), autocommit=True) as one:
        asked = "SELECT now FROM mailings_simulatedclock"
        before = one.execute(asked).fetchone()
        time.sleep(2.5)
        after = one.execute(asked).fetchone()
    assert before is not None
    assert after is not None
    assert 1 <= (after[0] - before[0]).total_seconds() <= 10


def test_without_a_demonstration_there_is_no_code(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "everyfamily.cli.main", "demo-code", "lead", "--out", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert "EF955" in done.stderr


def test_the_outcomes_add_up_to_the_children_and_the_reasons_to_the_not_reached(played: Played) -> None:
    figures, _ = played
    assert sum(figures["outcomes"].values()) == figures["children"] == CHILDREN  # type: ignore[attr-defined]
    assert sum(figures["reasons"].values()) == figures["outcomes"]["not_reached"]  # type: ignore[attr-defined, index]
    assert figures["schools"] == 24
    assert set(figures["outcomes"]) == {"reached", "accepted", "told_by_text", "on_its_way", "not_reached"}  # type: ignore[arg-type]


def test_the_account_is_held_against_the_invented_lists(played: Played) -> None:
    figures, folder = played
    missing: dict[str, object] = figures["not_known_to_us"]  # type: ignore[assignment]
    assert missing["children"] > missing["counted_as_not_reached"] == figures["reasons"]["return_missing"]  # type: ignore[operator, index]
    page = (folder / "coverage.html").read_text(encoding="utf-8")
    said = re.search(r"Not known to us: (\d+)(?: to (\d+))? children", page)  # a band where schools are small
    assert said is not None
    assert int(said[1]) <= missing["children"] <= int(said[2] or said[1])  # type: ignore[operator]
    assert "Elective home education officer" in page


def test_no_contact_value_got_more_than_one_message(played: Played) -> None:
    _, folder = played
    sent: Counter[str] = Counter()
    for file in (folder.parent / "sent").glob("*.jsonl"):
        for line in map(json.loads, file.read_text().splitlines()):
            group = line["body"] if line["channel"] == "pupil post" else ""
            sent[f"{group} {line['to'] or line['address']}"] += 1
    assert len(sent) > CHILDREN / 2
    assert max(sent.values()) == 1


def test_what_the_demo_shows_lies_where_it_says(played: Played) -> None:
    figures, _ = played
    paths: dict[str, str] = figures["paths"]  # type: ignore[assignment]
    assert {"coverage", "csv", "letter", "outbox", "send_kit", "seal"} <= set(paths)
    assert all(Path(path).exists() for path in paths.values())
    assert (Path(paths["outbox"]).stat().st_mode & 0o777) == 0o700


def _verified(what: Path | str, folder: Path, *more: str) -> tuple[int, str]:
    """What `everyfamily verify` says with the seals of the demonstration, and its exit code."""
    done = CliRunner().invoke(main, ["verify", str(what), "--seals", str(folder / "seals"), *more])
    return done.exit_code, done.stdout


def test_a_schools_kit_is_genuine_and_a_changed_word_is_not(played: Played) -> None:
    figures, folder = played
    kit = Path(figures["paths"]["send_kit"])  # type: ignore[index]
    code, said = _verified(kit / "English" / "letter.pdf", folder)
    assert (code, said.split(":")[0]) == (0, "Genuine, unchanged")
    email = folder / "forged.html"
    email.write_text((kit / "English" / "email.html").read_text().replace("and call us", "and call nobody"))
    code, said = _verified(email, folder)
    assert (code, "First difference" in said) == (1, True)
    code, said = _verified("ES-2703-K7R4", folder)
    assert (code, "is good" in said) == (0, True)


def test_a_printed_bundle_has_the_sealed_words(played: Played) -> None:
    _, folder = played
    bundle = next((folder.parent / "sent" / "print" / "post").glob("*/*/bundle-*.pdf"))
    code, said = _verified(bundle, folder, "--json")
    assert (code, json.loads(said)["proof"]) == (0, "the sealed words")


def test_nothing_outside_the_outbox_rolls_and_kits_holds_a_contact_value(played: Played, run: Run) -> None:
    """Logs, the coverage page, its table, the letter's folder, the database's own log."""
    _, folder = played
    some = [
        line["to"].encode()
        for file in (folder / "outbox").glob("email.*.jsonl")
        for line in map(json.loads, file.read_text().splitlines()[:40])
    ]
    assert len(some) >= 40
    personal = {folder / "outbox", folder / "rolls"}
    files = [path for path in folder.rglob("*") if path.is_file() and not personal & set(path.parents)]
    files += [path for path in (run.home / "ef").rglob("*.log") if path.is_file()]
    assert len(files) > 20
    for path in files:
        data = path.read_bytes()
        assert not any(value in data for value in some), f"{path.name} holds a contact value"


def test_a_folder_that_is_not_the_demos_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.txt").write_text("three years of work")
    (tmp_path / "demo" / "demo.txt").write_text("my own notes for a demo")
    done = everyfamily("demo", home=run.home, cwd=tmp_path)
    assert done.returncode == 2
    assert "EF950" in done.stderr
    assert (tmp_path / "demo" / "thesis.txt").exists()
