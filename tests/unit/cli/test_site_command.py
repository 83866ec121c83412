"""everyfamily site: nothing is written that is not ready, and a preview says that it is one."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from everyfamily.cli.letters import site_command
from everyfamily.cli.main import main
from everyfamily.core.keys.signing import SigningKey
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily.parentsite.export import MARK
from tests.factories.demonstration import PACK, PARTNERSHIP, REFERENCE
from tests.factories.sealed import DRAFTS, SEALING, SITE_PACK, letter_of_term, seal_letter, site_pack

ON = ("--on", "2027-03-02")
ENGLISH = ("--language", "en")
TERM = ("--term", "spring-2027", "--dated", "2027-03-02")
AUTUMN = "ES-2609-A1B2"
CATALOGUE = "src/everyfamily/parentsite/locale/ar/LC_MESSAGES/site.po"


@dataclass(frozen=True)
class Ground:
    """A folder with seals, a letter's folder, and the partnership's file, to be changed."""

    folder: Path

    @property
    def out(self) -> Path:
        return self.folder / "site"

    @property
    def partnership(self) -> Path:
        return self.folder / "partnership" / "partnership.toml"

    @property
    def public(self) -> Path:
        return self.out / "public"

    def run(self, *arguments: str, files: bool = True) -> Result:
        """Make the site, with the letters' own files or without."""
        given = ["--partnership", str(self.partnership), "--seals", str(self.folder / "seals")]
        if files:
            given += ["--letter", str(self.folder / "letter"), "--letter", str(self.folder / "autumn")]
        return CliRunner().invoke(main, ["site", str(self.out), *given, *arguments])

    def packs(self) -> Path:
        """The content packs, as a copy to be changed."""
        for folder in (SITE_PACK, PACK):
            shutil.copytree(folder, self.folder / "packs" / folder.name)
        return self.folder / "packs"

    def edit(self, old: str, new: str) -> None:
        text = self.partnership.read_text(encoding="utf-8")
        assert old in text
        self.partnership.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    shutil.copytree(PARTNERSHIP.parent, tmp_path / "partnership", ignore=shutil.ignore_patterns("*.py*"))
    made = seal_letter(letter_of_term())
    made.publish(tmp_path / "seals")
    made.write(tmp_path / "letter")
    autumn = letter_of_term("autumn-2026", date(2026, 9, 22), AUTUMN)
    before = seal_letter(autumn)
    before.publish(tmp_path / "seals")
    before.write(tmp_path / "autumn")
    return Ground(tmp_path)


def rows(done: Result) -> dict[str, Any]:
    """The one JSON value that the command printed, and nothing else."""
    value: dict[str, Any] = json.loads(done.stdout)
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""
    return value


@pytest.mark.slow
def test_a_site_in_english_is_ready_and_written(ground: Ground) -> None:
    done = ground.run(*ON, *ENGLISH)
    assert done.exit_code == 0, done.stderr
    assert (ground.out / MARK).is_file()
    lines = done.stdout.splitlines()
    assert lines[0] == f"19 pages in 1 language: {ground.public}"
    assert lines[1].startswith("Make it again by 2027-03-27")
    assert not any("stand in English" in line for line in lines)
    assert "not for families" not in (ground.public / "index.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_that_nobody_gave_the_key_is_said(ground: Ground) -> None:
    """A folder of seals that are all somebody else's agrees with itself, too."""
    last = ground.run(*ON, *ENGLISH).stdout.splitlines()[-1]
    assert "nobody has said" in last
    assert SEALING.public_key in last
    assert rows(ground.run(*ON, *ENGLISH, "--json"))["key_was_known"] is False
    known = ("--sealing-key", SEALING.public_key)
    assert "nobody has said" not in ground.run(*ON, *ENGLISH, *known).stdout
    assert rows(ground.run(*ON, *ENGLISH, *known, "--json"))["key_was_known"] is True


@pytest.mark.slow
def test_what_keeps_it_from_families_is_listed_and_nothing_is_written(ground: Ground) -> None:
    done = ground.run(*ON)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert not ground.out.exists()
    assert not list(ground.folder.glob("*.part"))
    lines = done.stderr.splitlines()
    assert lines[0].startswith(f"{CATALOGUE}:1: EF343: No second person has checked")
    assert lines[1].startswith("  ")
    assert f"{3 * len(DRAFTS)} things keep the site from families. Nothing was written." in lines
    assert lines[-1].startswith("Without these translations: --language")


@pytest.mark.slow
def test_the_site_that_was_there_stays_when_the_new_one_is_not_ready(ground: Ground) -> None:
    assert ground.run(*ON, *ENGLISH).exit_code == 0
    before = (ground.public / "index.html").read_bytes()
    assert ground.run("--on", "2027-06-01", *ENGLISH).exit_code == 1
    assert (ground.public / "index.html").read_bytes() == before


@pytest.mark.slow
def test_a_route_that_waits_for_its_check_is_named_and_leaving_a_language_out_does_not_help(
    ground: Ground,
) -> None:
    done = ground.run("--on", "2027-05-01", *ENGLISH)
    assert done.exit_code == 1
    line = ground.partnership.read_text(encoding="utf-8").split("\n").index('id = "local"')
    assert f'partnership.toml:{line}: EF342: The route "local" was checked too long ago.' in done.stderr
    assert done.stderr.splitlines()[-1] == "To look at it anyway: --preview."


@pytest.mark.slow
def test_a_site_is_made_without_a_dead_route_and_says_so(ground: Ground) -> None:
    ground.edit('id = "local"', 'id = "local"\ndead_since = 2027-03-01')
    done = ground.run(*ON, *ENGLISH)
    assert done.exit_code == 0, done.stderr
    assert 'Without the route "local", which is dead' in done.stdout
    assert rows(ground.run(*ON, *ENGLISH, "--json"))["without_dead_routes"] == ["local"]
    assert "01514960120" not in (ground.public / "help" / "index.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_dead_number_leaves_the_site_that_is_there_if_the_new_one_is_not_ready(ground: Ground) -> None:
    assert ground.run(*ON, *ENGLISH).exit_code == 0
    ground.edit('id = "local"', 'id = "local"\ndead_since = 2027-03-01')
    ground.edit("expires_on = 2027-05-23", "expires_on = 2027-03-01")
    done = ground.run(*ON, *ENGLISH)
    assert done.exit_code == 1
    assert "A dead number was taken out of" in done.stderr
    assert "tel:01514960120" not in (ground.public / "help" / "index.html").read_text(encoding="utf-8")
    assert rows(ground.run(*ON, *ENGLISH, "--json"))["pages_changed"] == 0


@pytest.mark.slow
def test_the_day_decides_which_routes_are_good(ground: Ground) -> None:
    assert ground.run("--on", "2027-03-27", *ENGLISH).exit_code == 0
    done = ground.run("--on", "2027-03-28", *ENGLISH)
    assert done.exit_code == 1
    assert 'The route "local" was checked too long ago.' in done.stderr
    page = (ground.public / "index.html").read_text(encoding="utf-8")
    assert "This page was made on 27 March 2027." in page


@pytest.mark.slow
def test_a_preview_is_written_all_the_same_and_says_so_on_its_pages(ground: Ground) -> None:
    done = ground.run(*ON, "--preview")
    assert done.exit_code == 0, done.stderr
    assert f"{19 * (1 + len(DRAFTS))} pages in {1 + len(DRAFTS)} languages" in done.stdout
    assert f"A preview: {3 * len(DRAFTS)} things keep it from families." in done.stdout
    for page in ground.public.rglob("*.html"):
        assert 'class="banner"' in page.read_text(encoding="utf-8"), page
    english = (ground.public / "index.html").read_text(encoding="utf-8")
    assert "This copy is not for families." in english


@pytest.mark.slow
def test_a_preview_of_a_site_that_is_ready_is_a_preview_too(ground: Ground) -> None:
    done = ground.run(*ON, *ENGLISH, "--preview")
    assert done.exit_code == 0
    assert "A preview:" not in done.stdout
    assert "This copy is not for families." in (ground.public / "index.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_only_the_languages_that_are_wanted_are_made_and_english_always(ground: Ground) -> None:
    assert ground.run(*ON, "--preview", "--language", "ur", "--language", "pl").exit_code == 0
    made = {one.parent.name for one in ground.public.glob("*/404.html")}
    assert made == {"ur", "pl"}
    assert (ground.public / "index.html").is_file()


@pytest.mark.parametrize("tag", ["cy", "UR", "", "../ur"])
def test_a_language_that_is_not_here_is_refused(ground: Ground, tag: str) -> None:
    done = ground.run(*ON, "--language", tag)
    assert done.exit_code == 2
    assert f'EF357: The site is not in "{tag}"' in done.stderr
    assert not ground.out.exists()


@pytest.mark.slow
def test_json_says_what_was_made(ground: Ground) -> None:
    made = rows(ground.run(*ON, *ENGLISH, "--json"))
    assert made == {
        "out": str(ground.out),
        "languages": ["en"],
        "pages": 19,
        "files": made["files"],
        "bytes": made["bytes"],
        "good_until": "2027-03-27",
        "key_was_known": False,
        "without_dead_routes": [],
        "hindrances": [],
    }
    whole = [one for one in ground.public.rglob("*") if one.is_file() and one.suffix != ".gz"]
    assert made["files"] == len(whole)
    assert made["bytes"] == sum(one.stat().st_size for one in whole)


@pytest.mark.slow
def test_json_says_what_keeps_it_from_families(ground: Ground) -> None:
    done = ground.run(*ON, "--json")
    assert done.exit_code == 1
    found = rows(done)
    assert found["out"] is None
    assert len(found["hindrances"]) == 3 * len(DRAFTS)
    assert set(found["hindrances"][0]) == {"code", "fact", "fix", "place"}
    assert found["hindrances"][0]["place"] == f"{CATALOGUE}:1"


@pytest.mark.slow
def test_json_of_a_preview_says_both(ground: Ground) -> None:
    done = ground.run(*ON, "--json", "--preview")
    assert done.exit_code == 0
    assert {one["code"] for one in rows(done)["hindrances"]} == {"EF343"}


@pytest.mark.slow
def test_a_withdrawn_letter_is_said_to_be_and_the_one_before_is_this_terms(ground: Ground) -> None:
    done = ground.run(*ON, *ENGLISH, "--withdrawn", REFERENCE)
    assert done.exit_code == 0, done.stderr
    assert "This letter was withdrawn." in (ground.public / "spring-2027" / "index.html").read_text(
        encoding="utf-8"
    )
    assert 'href="/autumn-2026/"' in (ground.public / "index.html").read_text(encoding="utf-8")


def test_a_withdrawn_letter_that_is_not_here_is_refused(ground: Ground) -> None:
    done = ground.run(*ON, *ENGLISH, "--withdrawn", "ES-2703-XXXX")
    assert done.exit_code == 2
    assert "EF340" in done.stderr


@pytest.mark.slow
def test_where_every_letter_is_withdrawn_the_site_is_made_and_says_so(ground: Ground) -> None:
    done = ground.run(*ON, *ENGLISH, "--withdrawn", REFERENCE, "--withdrawn", AUTUMN)
    assert done.exit_code == 0, done.stderr
    home = (ground.public / "index.html").read_text(encoding="utf-8")
    assert "This letter was withdrawn. Please do not use it." in home


@pytest.mark.slow
def test_the_letters_files_are_offered_where_its_folder_is_given(ground: Ground) -> None:
    refused = ground.run(*ON, *ENGLISH, files=False)
    assert refused.exit_code == 1
    assert "EF358: The newest letter sends families to the site for large print" in refused.stderr
    assert ground.run(*ON, *ENGLISH, "--preview", files=False).exit_code == 0
    assert not (ground.public / "files").exists()
    shutil.rmtree(ground.out)
    assert ground.run(*ON, *ENGLISH).exit_code == 0
    assert (ground.public / "files" / REFERENCE / "en" / "letter.pdf").is_file()


@pytest.mark.slow
@pytest.mark.parametrize(("known", "code"), [(True, 0), (False, 2)])
def test_the_key_that_one_knows_is_asked_for(ground: Ground, known: bool, code: int) -> None:
    key = SEALING.public_key if known else SEALING.public_key[::-1]
    done = ground.run(*ON, *ENGLISH, "--sealing-key", key)
    assert done.exit_code == code
    assert ("EF340" in done.stderr) is not known


@pytest.mark.slow
def test_a_folder_that_is_not_ours_is_refused(ground: Ground) -> None:
    ground.out.mkdir()
    (ground.out / "thesis.txt").write_text("years of work", encoding="utf-8")
    done = ground.run(*ON, *ENGLISH)
    assert done.exit_code == 2
    assert "EF350" in done.stderr
    assert [one.name for one in ground.out.iterdir()] == ["thesis.txt"]


@pytest.mark.slow
def test_packs_may_lie_elsewhere(ground: Ground) -> None:
    packs = ground.folder / "packs"
    shutil.copytree(SITE_PACK, packs / "parent-site")
    done = ground.run(*ON, *ENGLISH, "--packs", str(packs))
    assert done.exit_code == 1
    assert f'EF354: The pack "{PACK.name}" of the newest letter is not there' in done.stderr
    assert not ground.out.exists()
    assert ground.run(*ON, *ENGLISH, "--packs", str(packs), "--preview").exit_code == 0
    assert not (ground.public / "spring-2027" / "signs").exists()
    shutil.rmtree(ground.out)
    shutil.copytree(PACK, packs / PACK.name)
    assert ground.run(*ON, *ENGLISH, "--packs", str(packs)).exit_code == 0
    assert (ground.public / "spring-2027" / "signs" / "index.html").is_file()


@pytest.mark.slow
def test_bank_holidays_are_known_for_lines_that_are_shut_on_them(ground: Ground) -> None:
    assert ground.run(*ON, *ENGLISH).exit_code == 0
    page = ground.public / "help" / "index.html"
    assert 'data-shut-days="2027-03-26 2027-03-29 2027-05-03' in page.read_text(encoding="utf-8")
    ground.edit("open_on_bank_holidays = false", "open_on_bank_holidays = true")
    assert ground.run(*ON, *ENGLISH).exit_code == 0
    assert "data-shut-days" not in page.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(("now", "good"), [("2027-03-27T23:59", True), ("2027-03-28T00:00", False)])
def test_without_a_day_it_is_today(ground: Ground, monkeypatch: pytest.MonkeyPatch, now: str, good: bool) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Clock:
            return cls.fromisoformat(now).replace(tzinfo=tz)

    monkeypatch.setattr(site_command, "datetime", Clock)
    assert (ground.run(*ENGLISH).exit_code == 0) is good


class Later(datetime):
    """A clock that stays at noon of 20 March 2027."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Later:
        return cls(2027, 3, 20, 12, tzinfo=tz)


def real(ground: Ground) -> None:
    """Make the partnership's file that of a partnership that is no demonstration."""
    text = ground.partnership.read_text(encoding="utf-8")
    text = text.replace("demonstration = true", "").replace('checked_by = "demo"', 'checked_by = "Duty manager"')
    ground.partnership.write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_a_site_for_families_is_not_made_as_on_a_day_that_is_past(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number may have died since; somebody who rehearses has --preview, and the demonstration has its own year."""
    monkeypatch.setattr(site_command, "datetime", Later)
    assert ground.run("--on", "2027-03-19", *ENGLISH).exit_code == 0
    shutil.rmtree(ground.out)
    real(ground)
    done = ground.run("--on", "2027-03-19", *ENGLISH)
    assert done.exit_code == 2
    assert "--on" in done.stderr
    assert "is not made as on a day that is past" in done.stderr
    assert not ground.out.exists()
    preview = ground.run("--on", "2027-03-19", *ENGLISH, "--preview")
    assert preview.exit_code == 0, preview.stderr
    shutil.rmtree(ground.out)
    for day in ("2027-03-20", "2027-03-21"):
        assert "a day that is past" not in ground.run("--on", day, *ENGLISH).stderr, day


@pytest.mark.slow
def test_a_site_for_families_is_not_made_with_invented_numbers(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_command, "datetime", Later)
    real(ground)
    done = ground.run("--on", "2027-03-20", *ENGLISH)
    assert (done.exit_code, ground.out.exists()) == (1, False)
    assert "TR026" in done.stderr


@pytest.mark.slow
def test_one_thing_is_said_to_keep_it_and_two_to_keep_it(ground: Ground) -> None:
    ground.edit("expires_on = 2027-03-27", "expires_on = 2027-03-01")
    assert "1 thing keeps the site from families." in ground.run(*ON, *ENGLISH).stderr
    assert "A preview: 1 thing keeps it from families." in ground.run(*ON, *ENGLISH, "--preview").stdout
    ground.edit("expires_on = 2027-05-23", "expires_on = 2027-03-01")
    assert "2 things keep the site from families." in ground.run(*ON, *ENGLISH).stderr


@pytest.mark.slow
def test_how_many_passages_are_in_english_is_said_of_each_language(ground: Ground) -> None:
    packs = ground.packs()
    text = (packs / "parent-site" / "pages.ur.md").read_text(encoding="utf-8")
    english, _, _ = text.rpartition("\n## ")
    (packs / "parent-site" / "pages.ur.md").write_text(f"{english}\n", encoding="utf-8")
    left = len(site_pack().texts["en"].sections[-1].passages)
    done = ground.run(*ON, "--packs", str(packs), "--preview")
    assert done.exit_code == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if "are in English" in line] == [
        f"In ur, {left} passages are in English."
    ]


@pytest.mark.parametrize("day", ["yesterday", "2027-02-30", "27-03-02"])
def test_a_day_that_is_none_is_refused(ground: Ground, day: str) -> None:
    assert ground.run("--on", day).exit_code == 2
    assert not ground.out.exists()


BROKEN = "# Listy {#title}\n\n## Inne {#other}\n\nZadzwoń pod 0151 496 0199.\n"


@pytest.mark.slow
def test_a_slip_in_a_language_that_is_left_out_stops_nothing(ground: Ground) -> None:
    packs = ground.packs()
    (packs / "parent-site" / "pages.pl.md").write_text(BROKEN, encoding="utf-8")
    (packs / PACK.name / "site.pl.md").unlink()
    for languages in ((), ("--language", "pl")):
        done = ground.run(*ON, "--packs", str(packs), "--preview", *languages)
        assert done.exit_code == 2
        assert "parent-site/pages.pl.md" in done.stderr
    assert not ground.out.exists()
    assert ground.run(*ON, *ENGLISH, "--packs", str(packs)).exit_code == 0
    shutil.rmtree(ground.out)
    assert ground.run(*ON, "--language", "ur", "--packs", str(packs), "--preview").exit_code == 0
    assert (ground.public / "ur" / "index.html").is_file()


def test_a_language_that_has_no_text_here_is_said_to_be_none_before_anything_else(ground: Ground) -> None:
    packs = ground.packs()
    about = packs / "parent-site" / "site.toml"
    before, _, after = about.read_text(encoding="utf-8").partition("[site.translations.pl]")
    about.write_text(f"{before}{after[after.index('[site.translations') :]}", encoding="utf-8")
    done = ground.run(*ON, "--language", "pl", "--packs", str(packs), "--preview")
    assert done.exit_code == 2
    assert 'EF357: The site is not in "pl"' in done.stderr


@pytest.mark.slow
def test_a_letter_is_composed_whatever_the_sites_translations_are(ground: Ground) -> None:
    packs = ground.packs()
    (packs / PACK.name / "site.pl.md").write_text(BROKEN, encoding="utf-8")
    for _ in load_partnership(ground.partnership).signatories:
        ground.edit('# public_key = "…"', f'public_key = "{SigningKey.new().public_key}"')
    out = ground.folder / "composed"
    given = ("--partnership", str(ground.partnership), "--reference", REFERENCE, "--out", str(out))
    done = CliRunner().invoke(main, ["compose", str(packs / PACK.name), *given, *TERM])
    assert done.exit_code == 0, done.output
    assert (out / "record.json").is_file()


@pytest.mark.slow
def test_one_passage_stands_in_english_and_two_stand(ground: Ground) -> None:
    packs = ground.packs()
    file = packs / "parent-site" / "pages.ur.md"
    lines = file.read_text(encoding="utf-8").split("\n")
    waits = next(at for at, line in enumerate(lines) if line and line[0] not in "#->" and "((" not in line)
    lines[waits] = "…"
    file.write_text("\n".join(lines), encoding="utf-8")
    done = ground.run(*ON, "--packs", str(packs), "--preview")
    assert done.exit_code == 0, done.stderr
    assert "In ur, 1 passage is in English." in done.stdout.splitlines()


def test_a_busy_port_is_said_before_the_site_is_made(ground: Ground, busy: int) -> None:
    done = ground.run(*ON, *ENGLISH, "--serve", str(busy))
    assert done.exit_code == 2
    assert "EF356" in done.stderr
    assert f"Something else is served on port {busy} of this machine." in done.stderr
    assert done.stdout == ""
    assert not ground.out.exists()


@pytest.mark.slow
def test_a_free_port_is_served_on_once_the_site_is_made(
    ground: Ground, busy: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[tuple[Path, str, int]] = []
    monkeypatch.setattr(site_command, "require_free", lambda port: None)
    monkeypatch.setattr(site_command, "serve_site", lambda *given: served.append(given))
    done = ground.run(*ON, *ENGLISH, "--serve", str(busy))
    assert done.exit_code == 0, done.stderr
    assert served == [(ground.public, "", busy)]
    assert f"http://127.0.0.1:{busy}/  (Ctrl-C ends it)" in done.stdout


@pytest.mark.slow
def test_without_serving_no_port_is_asked_for(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(port: int) -> None:
        raise AssertionError(port)

    monkeypatch.setattr(site_command, "require_free", never)
    assert ground.run(*ON, *ENGLISH).exit_code == 0
