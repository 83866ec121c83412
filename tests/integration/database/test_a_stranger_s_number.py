"""One person asks for a stranger's number in a row of the register, and nothing that anybody gets has it. A second one
agrees, and all that is not sealed has it within a minute. For 999 and the national lines even two people cannot.

Everything is made again for each look (tests/factories/what_families_get.py), and compared byte by byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from everyfamily.cli.main import main
from everyfamily.core.permissions import Role
from tests.factories.city import NOW, REFERENCE, City, adult
from tests.factories.demonstration import PARTNERSHIP, demo_partnership
from tests.factories.doors import open_doors
from tests.factories.drafted import AUTHOR, begun, frozen_now, with_keys
from tests.factories.school_pages import words_of
from tests.factories.signed_in import signed_in
from tests.factories.sounds import silence
from tests.factories.what_families_get import (
    OF_THE_SEALED,
    SHOWS_THE_SEALED,
    Families,
    Files,
    is_download,
    that_say,
)
from tests.integration.database.test_site_pages import follows

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

STRANGER, SECOND, THIRD = "0151 496 0999", "0151 496 0998", "0151 496 0997"
"""One number has one name, so a file with all rows changed needs more than one."""
STRANGERS = (STRANGER, SECOND, THIRD, "stranger.example")
TEXT = PARTNERSHIP.read_text(encoding="utf-8")
ALL_LANGUAGES = ("ar", "bn", "ckb", "pa", "pl", "pt", "ro", "so", "uk", "ur")
LATE = datetime(2027, 3, 30, 10, 0, tzinfo=UTC)
"""The check of the local number ran out on 27 March."""


@dataclass(frozen=True)
class Change:
    """One value in the settings, and a stranger's instead."""

    row: str
    """Of the register. Otherwise "enquiries" or "replies"."""
    key: str
    was: str
    stranger: str = STRANGER

    def __str__(self) -> str:
        return f"{self.row} {self.key}"

    def in_file(self, text: str = TEXT) -> str:
        """The text of the file with it."""
        if self.row == "replies":
            # The same mailbox answers enquiries.
            return text.replace(f'"{self.was}"', f'"{self.stranger}"')
        table = "[enquiries]" if self.row == "enquiries" else f'[[routes]]\nid = "{self.row}"'
        before, found, after = text.partition(f"{table}\n")
        assert found, table
        row, end, others = after.partition("\n\n")
        kept = "\n".join(one for one in row.split("\n") if not one.startswith(f"{self.key} = "))
        return f'{before}{found}{self.key} = "{self.stranger}"\n{kept}{end}{others}'


OWN = (
    Change("local", "number", "0151 496 0120"),
    Change("local", "text", "07700 900120"),
    Change("local", "form", "eastmere.example/child-worry", "stranger.example/form"),
    Change("local", "email", "childrens-team@eastmere.example", "me@stranger.example"),
    Change("survivors", "number", "0151 496 0148", SECOND),
    Change("school", "number", "((school number))", THIRD),
    Change("enquiries", "number", "0151 496 0130"),
    Change("replies", "mailbox", "letters@eastmere.example", "me@stranger.example"),
)
LOCAL = OWN[0]
NATIONAL = tuple(
    Change(one.id, key, value or "", "stranger.example/form" if key in ("url", "form") else stranger)
    for one in demo_partnership().routes
    if one.id not in ("local", "survivors", "school")
    for key, value, stranger in (
        ("number", one.number, STRANGER),
        ("text", one.text or "none", STRANGER),
        ("url", one.url, ""),
        ("form", one.form or "none", ""),
        ("email", one.email or "none", "me@stranger.example"),
        ("hours", one.hours, f"Any time: {STRANGER}"),
        ("label", one.label, f"{one.label} {STRANGER}"),
    )
    if value
)


@dataclass
class Place:
    """A coordinator, an administrator who has been here for a month, and all that families get."""

    una: Client
    ada: Client
    families: Families


@pytest.fixture
def place(city: City, tmp_path: Path) -> Iterator[Place]:
    """A sealed letter with its mailing and a recording, and a letter that is being written."""
    from everyfamily.letters.actions.recordings import keep_recording
    from everyfamily.letters.site_queries import letter_to_read
    from everyfamily.parentsite.recordings import usual_minutes, words_digest

    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    letter = letter_to_read(REFERENCE)
    assert letter is not None
    keep_recording(
        REFERENCE,
        "en",
        silence(usual_minutes(letter, "en") * 60),
        read_by="A. Reader",
        heard_by="B. Listener",
        words_digest=words_digest(letter, "en"),
        by=AUTHOR,
        now=NOW,
    )
    more = {"EVERYFAMILY_PARTNERSHIP": PARTNERSHIP, "EVERYFAMILY_SITE_FOLDER": tmp_path / "site"}
    with open_doors(tmp_path, EVERYFAMILY_CLOCK="database", **more):
        draft = begun(reference="ES-2703-N3W5")
        author = signed_in(Role.AUTHOR, "Tom Rydal")
        una, ada = signed_in(Role.COORDINATOR, "Una Marsh"), signed_in(Role.ADMINISTRATOR, "Ada Clarke")
        yield Place(una, ada, Families(city, author, draft, tmp_path))


_kept: dict[Any, Files] = {}


def made_before(place: Place) -> Files:
    """All of it before anybody asked for anything. It is the same in each test, so it is made once in a process."""
    key = (*place.families.languages, place.families.small_sets)
    if key not in _kept:
        _kept[key] = place.families.get()
    else:
        place.families.site()
    return _kept[key]


def by_page(client: Client, change: Change) -> Any:
    form = {"place": change.was, "number": change.stranger, "result": "good"}
    return client.post(f"/routes/{change.row}/number/", form, secure=True)


def by_file(client: Client, text: str) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("partnership.toml", text.encode())
    drawings = [SimpleUploadedFile(one.name, one.read_bytes()) for one in PARTNERSHIP.parent.glob("*.svg")]
    return client.post("/settings/change/", {"file": file, "drawings": drawings}, secure=True)


def waits(answer: Any) -> str:
    """The page of the change that waits."""
    assert answer.status_code == 302, words_of(answer)[:900]
    found = str(answer.headers["Location"])
    assert found.startswith("/settings/changes/"), found
    return found


def agrees(client: Client, change: str) -> int:
    """Somebody says that they tried all of it, also somebody whom no page asks."""
    from everyfamily.core.partnership.second_person import changes_for_two
    from everyfamily.core.partnership.versions import partnership_of
    from everyfamily.partnership.queries import in_force, open_proposal

    found, asked = in_force(), open_proposal()
    assert found is not None and asked is not None
    tried = [one.what for one in changes_for_two(found.partnership, partnership_of(asked.files))]
    return int(client.post(f"{change}in-force/", {"tried": tried}, secure=True).status_code)


def text_in_force() -> str:
    from everyfamily.partnership.queries import in_force

    found = in_force()
    assert found is not None
    return found.files.text


def gives_up(client: Client, change: str) -> None:
    assert client.post(f"{change}give-up/", secure=True).status_code == 302


def a_minute_later() -> bool:
    """Workers do what they do each minute, and what is queued with new settings. Whether the site was made again."""
    from everyfamily.mailings.edges.letter_jobs import overtake_letters

    overtake_letters(timestamp=0)
    return follows()


def nothing_follows(place: Place) -> None:
    """All that anything is made of is as the file has it: the settings, the site's mark, what letters are made with."""
    from everyfamily.letters.draft_queries.words import partnership_now
    from everyfamily.partnership.queries import in_force, settings_in_brief, versions

    found, brief = in_force(), settings_in_brief().partnership
    assert found is not None
    assert (found.files.text, versions(), brief) == (TEXT, [], found.partnership)
    assert partnership_now(NOW) == found.partnership == demo_partnership()
    assert not a_minute_later()


def is_as_before(place: Place, before: Files) -> None:
    """Nothing follows, and all that is made again is the same, byte by byte."""
    nothing_follows(place)
    now = place.families.get()
    assert sorted(now) == sorted(before)
    assert [name for name, data in now.items() if data != before[name]] == []
    for stranger in STRANGERS:
        assert that_say(now, stranger) == set(), stranger


def has_followed(before: Files, after: Files, change: Change) -> None:
    """All that is not sealed has the stranger where it had the other, and nowhere the other."""
    kept = {name for name in before if name.startswith(OF_THE_SEALED)}
    shown = {name for name in before if SHOWS_THE_SEALED.fullmatch(name)}
    downloads = {name for name in before if is_download(name)}
    free = before.keys() - kept - shown - downloads
    had, has = that_say(before, change.was) & free, that_say(after, change.stranger) & free
    # A school's own number is a gap in what is for all schools.
    assert has >= {"draft/en/letter.pdf", "draft/en/page.html"} if change.row == "school" else has == had != set()
    assert that_say(after, change.was) & free == set()
    # What is sealed keeps its bytes. The site shows its words, but leads nobody to the old number and gives no files.
    assert [name for name in kept if after[name] != before[name]] == []
    if change.row not in ("enquiries", "replies"):
        # Who answers questions about a letter is no line of the register.
        assert downloads & that_say(before, change.was) & after.keys() == set()
    for name in shown:
        links = "\n".join(re.findall(r'href="([^"]+)"', after[name].decode()))
        assert that_say({name: links.encode()}, change.was) == set(), name


LOCAL_IS_IN = {
    *(f"draft/en/{name}" for name in ("letter.pdf", "letter-large-print.pdf", "letter.docx", "page.html")),
    *(f"draft/en/{name}" for name in ("email.html", "email.txt", "newsletter.html", "newsletter.txt")),
    *(f"draft/en/{name}" for name in ("staff-briefing.pdf", "staff-briefing.txt")),
    *(f"draft/en/{name}" for name in ("press-lines.pdf", "press-lines.txt")),
    *("draft/aloud.txt", "aloud/en.txt", "answer/reply.txt", "told/briefing.txt"),
    *("sent/email.html", "sent/email.txt", "sent/post.pdf"),
    *("kit/English/letter.pdf", "kit/English/letter.docx", "kit/English/email.html"),
    *("kit/English/newsletter.html", "kit/English/staff-briefing.pdf", "kit/seal.json"),
    *("site/index.html", "site/help/index.html", "site/spring-2027/noticed/index.html", "site/404.html"),
    *("site/spring-2027/index.html", f"site/genuine/{REFERENCE}/index.html", f"site/seals/{REFERENCE}.json"),
    *(f"site/files/{REFERENCE}/en/{name}" for name in ("letter.pdf", "letter-large-print.pdf")),
    *("preview/ur/index.html", "preview/ur/help/index.html", "preview/ur/spring-2027/noticed/index.html"),
}
"""Where people find the front door's number: each kind of thing that we make. A text message gives 999 and the site."""


def test_two_people_change_all_that_is_not_sealed_and_one_person_nothing(place: Place, city: City) -> None:
    from django.db import transaction

    from everyfamily.letters.queries import other_renderings_of, sealed_letter
    from everyfamily.mailings.actions.guards.route_checks import route_is_dead
    from everyfamily.mailings.actions.guards.sendable import sendable_letter
    from everyfamily.mailings.models import Mailing

    recording = f"site/files/{REFERENCE}/en/letter.mp3"
    before = made_before(place)
    assert that_say(before, LOCAL.was) >= LOCAL_IS_IN
    assert recording in before
    change = waits(by_page(place.una, LOCAL))
    assert agrees(place.una, change) == 409
    is_as_before(place, before)

    assert agrees(place.ada, change) == 302
    assert a_minute_later()
    published, after = place.families.published(), place.families.get()
    assert {name: after.get(name) for name in published} == published, "before anybody pressed a button"
    has_followed(before, after, LOCAL)
    assert recording not in after
    # Nobody signs that they rang a number for texts, so only the settings say that it is another one.
    text = OWN[1]
    assert agrees(place.ada, waits(by_file(place.una, text.in_file(text_in_force())))) == 302
    assert a_minute_later()
    assert that_say(place.families.published(), text.stranger) >= {"site/help/index.html"}

    # The sealed letter goes on while its own number answers. The check of the new one does not count for it.
    found = sealed_letter(REFERENCE)
    assert found is not None
    assert other_renderings_of(found.id) == []
    letter = sendable_letter(city.mailing, NOW)
    assert letter is not None
    with transaction.atomic():
        # This pauses the mailing too.
        assert sendable_letter(city.mailing, LATE) is None
        assert LOCAL.was in Mailing.objects.get().paused_reason
        transaction.set_rollback(True)
    route_is_dead(demo_partnership().route("local"), by=AUTHOR, now=NOW)
    assert sendable_letter(city.mailing, NOW) is None
    city.send()
    assert city.outbox() == []
    assert a_minute_later()
    assert that_say(place.families.published(), LOCAL.was) == {f"site/seals/{REFERENCE}.json"}


def test_one_person_changes_no_row_by_the_page_or_by_the_file(place: Place) -> None:
    before = made_before(place)
    for change in OWN:
        asked = waits(by_file(place.una, change.in_file()))
        nothing_follows(place)
        assert agrees(place.una, asked) == 409
        gives_up(place.una, asked)
        if change.key == "number" and change.was.startswith("0151") and change.row != "enquiries":
            asked = waits(by_page(place.una, change))
            nothing_follows(place)
            gives_up(place.una, asked)
    text = TEXT
    for change in OWN:
        text = change.in_file(text)
    asked = waits(by_file(place.una, text))
    assert agrees(place.una, asked) == 409
    is_as_before(place, before)


def test_even_two_people_give_no_national_line_a_stranger_s_number(place: Place, tmp_path: Path) -> None:
    from everyfamily.partnership.models import Proposal

    before = made_before(place)
    for drawing in PARTNERSHIP.parent.glob("*.svg"):
        (tmp_path / drawing.name).write_bytes(drawing.read_bytes())
    file = tmp_path / "partnership.toml"
    rows = {one.row for one in NATIONAL if one.key == "number"}
    assert rows >= {"emergency", "police", "crisis", "adults", "children", "missing", "home", "marriage"}
    for change in NATIONAL:
        assert by_file(place.una, change.in_file()).status_code == 422, change
        if change.key == "number":
            assert by_page(place.una, change).status_code == 422, change
            file.write_text(change.in_file(), encoding="utf-8")
            names = ["--by", "Una Marsh", "--agreed-by", "Ada Clarke"]
            refused = CliRunner().invoke(main, ["partnership", "import", str(file), *names])
            assert (refused.exit_code, "EF135" in refused.output) == (2, True), refused.output
    assert Proposal.objects.count() == 0
    is_as_before(place, before)


def test_a_frozen_letter_is_good_until_the_second_person_and_then_never_sealed(
    city: City, tmp_path: Path
) -> None:
    from everyfamily.letters.actions.freezing import VersionOvertaken
    from everyfamily.letters.draft_queries.frozen import FrozenFacts, frozen
    from everyfamily.mailings.edges.letter_jobs import ask_seal
    from tests.factories.drafted import approved

    city.school(900001, [])
    city.open()
    with open_doors(tmp_path, EVERYFAMILY_CLOCK="database"), with_keys(tmp_path) as settings:
        una, ada = signed_in(Role.COORDINATOR, "Una Marsh"), signed_in(Role.ADMINISTRATOR, "Ada Clarke")
        version = frozen_now(begun(reference="ES-2703-N3W5"))
        approved(version)

        def why_overtaken() -> str:
            a_minute_later()
            found: FrozenFacts | None = frozen(version)
            assert found is not None
            return found.overtaken_why

        asked = waits(by_file(una, LOCAL.in_file(settings.partnership.read_text(encoding="utf-8"))))
        assert why_overtaken() == ""
        assert agrees(ada, asked) == 302
        with pytest.raises(VersionOvertaken):
            # Also in the minute before a worker has looked.
            ask_seal(version, needs_review=False, by=AUTHOR, now=NOW)
        assert why_overtaken() == "settings"


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("change", "languages"), [*((one, ("ur",)) for one in OWN[1:]), (LOCAL, ALL_LANGUAGES)], ids=str
)
def test_each_row_by_itself(place: Place, change: Change, languages: tuple[str, ...]) -> None:
    place.families.languages, place.families.small_sets = languages, languages == ALL_LANGUAGES
    before = made_before(place)
    asked = waits(by_file(place.una, change.in_file()))
    is_as_before(place, before)
    assert agrees(place.ada, asked) == 302
    assert a_minute_later()
    published, after = place.families.published(), place.families.get()
    assert {name: after.get(name) for name in published} == published
    has_followed(before, after, change)
