"""The parent site for its journeys: one sealed letter, exported once a session, served; and Debian's Chromium.

A test module takes these fixtures by `pytest_plugins = ["tests.journeys.parent_site"]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from everyfamily.cli.console.packs_folder import packs_folder
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily.letters.files.folder import write_approval, write_letter_folder, write_seal
from everyfamily.parentsite.export import export_site
from everyfamily.parentsite.readiness import hindrances
from everyfamily.parentsite.reading import read_site
from everyfamily.parentsite.sealed import read_sealed_letters
from tests.factories.city import sealed_letter
from tests.journeys.browsers import a_browser, a_whole_browser
from tests.journeys.parent_site_visits import LANGUAGES, Exported
from tests.journeys.site_servers import ROOT, Served, nginx_serving, small_server_serving

TODAY = date(2027, 3, 2)
PARTNERSHIP = ROOT / "src/everyfamily_demo/data/partnership.toml"


@pytest.fixture(scope="session")
def letter_folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A sealed letter as the commands leave it: folder of seals, the letter's folder, the public sealing key."""
    seal, artefacts, key = sealed_letter()
    place = tmp_path_factory.mktemp("sealed")
    letter, seals = place / "letter", place / "seals"
    write_letter_folder(letter, seal.record, artefacts)
    for approval in seal.approvals:
        write_approval(letter, approval)
    write_seal(letter, seal)
    seals.mkdir()
    (seals / f"{seal.record['reference']}.json").write_text(seal.to_json(), encoding="utf-8")
    return seals, letter, key


def _export(folders: tuple[Path, Path, str], out: Path, languages: tuple[str, ...], *, preview: bool) -> Exported:
    seals, letter, key = folders
    partnership = load_partnership(PARTNERSHIP)
    letters = read_sealed_letters(seals, [letter], partnership, sealing_key=key)
    site = read_site(partnership, letters, packs_folder(), languages, TODAY, preview=preview)
    if not preview:
        assert hindrances(site) == []
    export_site(site, out)
    return Exported(site, out, key)


@pytest.fixture(scope="session")
def exported(letter_folders: tuple[Path, Path, str], tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """The site in these languages, as a preview: its translations have had no second reader."""
    return _export(letter_folders, tmp_path_factory.mktemp("export") / "site", LANGUAGES, preview=True)


@pytest.fixture(scope="session")
def everything(letter_folders: tuple[Path, Path, str], tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """The site in every language there is, as a preview."""
    return _export(letter_folders, tmp_path_factory.mktemp("everything") / "site", (), preview=True)


@pytest.fixture(scope="session")
def final(letter_folders: tuple[Path, Path, str], tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """The site only in English, as families would get it."""
    return _export(letter_folders, tmp_path_factory.mktemp("final") / "site", ("en",), preview=False)


@pytest.fixture(scope="session")
def served(exported: Exported, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The site in these languages, by everyfamily's own server."""
    with small_server_serving(exported.public, tmp_path_factory.mktemp("server")) as one:
        yield one


@pytest.fixture(scope="session")
def everything_served(everything: Exported, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The site in every language there is, by everyfamily's own server."""
    with small_server_serving(everything.public, tmp_path_factory.mktemp("server")) as one:
        yield one


@pytest.fixture(scope="session")
def behind_nginx(exported: Exported, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The site in every language, by Debian's nginx."""
    folder = tmp_path_factory.mktemp("nginx")
    with nginx_serving(exported.public, folder, languages=exported.site.languages) as one:
        yield one


@pytest.fixture(scope="module")
def firm_browser() -> Iterator[Browser]:
    """Debian's Chromium, which keeps no page for Back."""
    with a_browser() as one:
        yield one


@pytest.fixture(scope="module")
def keeping_browser() -> Iterator[Browser]:
    """The same as people have it: it keeps the pages that were left, to show them at once on Back."""
    with a_whole_browser() as one:
        yield one
