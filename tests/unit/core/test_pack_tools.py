"""A pack is begun, checked all at once, and shared as one file that nobody can change without it being seen."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from datetime import date
from pathlib import Path

import pytest

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.text_files import TextFileUnreadable
from everyfamily.core.letter.compose import compose
from everyfamily.core.letter.trial import agreeing_to_everything, promises_of, trial_letter
from everyfamily.core.packs.opened_pack import open_pack
from everyfamily.core.packs.outline import outline
from everyfamily.core.packs.pack_faults import SECTIONS, faults_of
from everyfamily.core.packs.pack_files import digest_of_files, files_in_folder
from everyfamily.core.packs.pack_zip import (
    DIGEST_FILE,
    PackChangedOnTheWay,
    PackZipRefused,
    pack_in_zip,
    zip_of_pack,
)
from everyfamily.core.packs.packs import parse_pack
from everyfamily.core.packs.unwritten import PackNotWritten, unwritten_in
from everyfamily.core.partnership.partnership_gaps import GAP
from everyfamily.letters.files.artefacts import render_artefacts
from tests.factories.demonstration import DATED, REFERENCE, demo_pack, demo_partnership, pack_files
from tests.factories.each import each
from tests.factories.english_pack import english_files

TODAY = date(2027, 3, 2)
NAME = "child-sexual-exploitation"


def begun(*, card_first: bool = False) -> dict[str, bytes]:
    made = outline("water", 'Water "safety"', TODAY, card_first=card_first)
    return {name: text.encode() for name, text in made.items()}


def with_(name: str, *changes: tuple[str, str]) -> dict[str, bytes]:
    text = pack_files()[name].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return {**pack_files(), name: text.encode()}


def test_a_pack_that_was_just_begun_has_no_fault_and_says_what_is_to_write() -> None:
    assert faults_of(begun(), "water") == []
    missing = unwritten_in(begun(), "water")
    said = {(place.file, what) for place, what in missing}
    for stem, (sections, _) in SECTIONS.items():
        assert {(f"water/{stem}.en.md", holds) for holds in sections.values()} <= said
    assert next(place.file for place, _ in missing) == "water/pack.toml"
    assert sum(text.count(GAP.encode()) for text in begun().values()) == len(missing)


def test_no_letter_is_made_of_a_pack_that_is_not_written() -> None:
    with pytest.raises(PackNotWritten) as caught:
        trial_letter(parse_pack(begun(), "water"), demo_partnership(), today=TODAY)
    assert str(caught.value.place).startswith("water/pack.toml:")
    words = with_("letter.en.md", ("misses lessons", f"{GAP}: a sign"))
    with pytest.raises(PackNotWritten, match=r"letter\.en\.md"):
        compose(parse_pack(words, NAME), demo_partnership(), term="spring-2027", dated=DATED, reference=REFERENCE)


def test_all_faults_are_found_at_once() -> None:
    files = with_(
        "letter.en.md",
        ("- goes missing", "* goes missing"),
        ("promise=interpreter", "promises=interpreter"),
        ("## What it is {#what}", "## What it is"),
    )
    files |= {
        "email.en.txt": b"Topic: x\n",
        "sources.toml": files["sources.toml"].replace(b'"found"', b'"sure"', 2),
    }
    found = faults_of(files, NAME)
    assert len([one for one in found if one.place and one.place.file.endswith("letter.en.md")]) == 3
    assert len([one for one in found if one.place and one.place.file.endswith("sources.toml")]) == 2
    assert len([one for one in found if one.place and one.place.file.endswith("email.en.txt")]) == 2


def test_all_gaps_sources_and_sections_that_are_wrong_are_found_at_once() -> None:
    files = with_(
        "letter.en.md",
        ("((partners))", "((partner))"),
        ("source=S6,S35", "source=S6,S999"),
        ("## {#fault}", "## {#blame}"),
    )
    files |= with_(
        "site.en.md", ("## Where they go | It could also be {#going}", "## Where they go {#where}")
    ) | {"letter.en.md": files["letter.en.md"]}
    facts = " ".join(one.fact for one in faults_of(files, NAME))
    for fault in ('"((partner))"', '"S999"', '"fault" is missing', '"blame" is not one', '"going" is missing'):
        assert fault in facts


@each("name", ["letter.en.md", "pack.toml", "sources.toml", "sms.en.txt"])
def test_a_damaged_file_is_a_fault_and_never_an_exception(name: str) -> None:
    for raw in (b"", b"\xff\xfe", b"# \n## \n- \n|", b"[" * 2_000):
        assert faults_of({**english_files(), name: raw}, NAME)
    assert faults_of({key: raw for key, raw in english_files().items() if key != name}, NAME)


def test_our_own_pack_has_no_fault() -> None:
    assert faults_of(pack_files(), NAME) == []


@each(
    "change",
    [
        lambda files: {name: raw.replace(b"\n", b"\r\n") for name, raw in files.items()},
        lambda files: {name: b"\xef\xbb\xbf" + raw for name, raw in files.items()},
        lambda files: dict(reversed(files.items())),
        lambda files: {
            **files,
            "README.md": b"x",
            ".DS_Store": b"x",
            "letter.en.md~": b"x",
            "._letter.en.md": b"x",
        },
    ],
)
def test_a_digest_does_not_depend_on_what_is_not_of_the_pack(change: object) -> None:
    assert callable(change)
    assert digest_of_files(change(pack_files())) == digest_of_files(pack_files()) == demo_pack().digest
    assert zip_of_pack(change(pack_files()), NAME) == zip_of_pack(pack_files(), NAME)


def test_a_zip_holds_the_pack_and_its_digest() -> None:
    name, files = pack_in_zip(zip_of_pack(pack_files(), NAME), "x.zip")
    assert (name, parse_pack(files, name).digest) == (NAME, demo_pack().digest)


def rezipped(change: dict[str, bytes], mode: int = 0o644, compress: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(zip_of_pack(pack_files(), NAME))) as old,
        zipfile.ZipFile(made, "w", compress) as new,
    ):
        for path, data in {**{path: old.read(path) for path in old.namelist()}, **change}.items():
            entry = zipfile.ZipInfo(path)
            entry.compress_type = compress
            entry.external_attr = (mode if path in change else 0o644) << 16
            if data:
                new.writestr(entry, data)
    return made.getvalue()


@each(
    "data, error",
    [
        (rezipped({f"{NAME}/letter.en.md": b"other words"}), PackChangedOnTheWay),
        (rezipped({f"{NAME}/{DIGEST_FILE}": b""}), PackZipRefused),
        (rezipped({"../letter.en.md": b"x"}), PackZipRefused),
        (rezipped({"/etc/letter.en.md": b"x"}), PackZipRefused),
        (rezipped({f"{NAME}/site.cy.md": b"letter.en.md"}, mode=stat.S_IFLNK | 0o777), PackZipRefused),
        (rezipped({f"{NAME}/site.cy.md": b"0" * 9_000_000}, compress=zipfile.ZIP_DEFLATED), PackZipRefused),
        (rezipped({"other/pack.toml": b"x"}), PackZipRefused),
        (rezipped({})[:-40], PackZipRefused),
        (b"PK\x03\x04", PackZipRefused),
    ],
)
def test_a_zip_that_is_not_as_it_was_made_is_refused(data: bytes, error: type[EveryfamilyError]) -> None:
    with pytest.raises(error):
        pack_in_zip(data, "x.zip")


def test_what_a_system_puts_beside_the_files_of_a_zip_makes_no_difference() -> None:
    data = rezipped({"__MACOSX/x/._letter.en.md": b"x", f"{NAME}/.DS_Store": b"x", f"{NAME}/notes.docx": b"x"})
    assert digest_of_files(pack_in_zip(data, "x.zip")[1]) == demo_pack().digest


def test_an_invented_partnership_has_every_route_and_keeps_every_promise() -> None:
    files = with_("letter.en.md", ("promise=interpreter", "promise=a-new-one"))
    files["pack.toml"] = files["pack.toml"].replace(b'"survivors"]', b'"survivors", "runaways"]')
    pack = parse_pack(files, NAME)
    letter = trial_letter(pack, agreeing_to_everything(pack, demo_partnership(), TODAY), today=TODAY)
    assert "a-new-one" in promises_of(pack)
    assert {"a-new-one", "day-or-night"} <= {promise.id for promise in letter.promises}
    assert "runaways" in {route.id for route in letter.routes}


@each("card_first", [False, True])
def test_an_outline_that_was_filled_in_can_be_printed_in_every_form(card_first: bool) -> None:
    """Whatever the words are: its sections have the paragraphs and lists that their pages have places for."""
    filled = {
        name: re.sub(rf"{GAP}:? ?[^|{{\"”\n]*", "Plain words. ", raw.decode())
        for name, raw in begun(card_first=card_first).items()
    }
    filled["pack.toml"] = filled["pack.toml"].replace('"Plain words. "', '"water"')
    files = {name: text.encode() for name, text in filled.items()}
    assert faults_of(files, "water") == []
    pack = parse_pack(files, "water")
    letter = trial_letter(pack, agreeing_to_everything(pack, demo_partnership(), TODAY), today=TODAY)
    assert {"en/letter.pdf", "en/staff-briefing.pdf", "en/letter.docx"} <= set(render_artefacts(letter))


@each(
    "old, new, fact",
    [
        ("## Please do {#do}\n\n- ", "## Please do {#do}\n\n", 'The section "do" has a paragraph'),
        (
            "It is not your child’s fault.",
            "- It is not your child’s fault.",
            'The section "fault" has a list',
        ),
        ("Pick a calm time", "- Pick a calm time", 'The section "talk" is not in the order of its page'),
        (
            "You do not need to be sure before you call.",
            "- You do not need to be sure",
            'The section "signs" has a list',
        ),
    ],
)
def test_a_section_that_its_page_would_not_print_whole_is_a_fault(old: str, new: str, fact: str) -> None:
    found = [one.fact for one in faults_of(with_("letter.en.md", (old, new)), NAME)]
    assert any(one.startswith(fact) for one in found), found


def test_a_card_has_a_paragraph_for_each_of_its_places() -> None:
    files = begun()
    files["letter.en.md"] = files["letter.en.md"].replace(b"You do not need to be sure.\n\n", b"", 1)
    assert [one.fact for one in faults_of(files, "water")] == ['The section "card" has fewer than 3 paragraphs.']


def test_a_link_in_a_packs_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "letter.cy.md").symlink_to(tmp_path / "secret")
    with pytest.raises(TextFileUnreadable, match="link"):
        files_in_folder(tmp_path / "pack")
    with pytest.raises(TextFileUnreadable, match=r"no pack\.toml"):
        open_pack(tmp_path)


def test_every_translation_that_no_longer_fits_the_english_is_named_at_once() -> None:
    whole = pack_files()
    files = {**english_files(), **{name: whole[name] for name in ("site.pl.md", "site.ar.md", "short.pl.md")}}
    wanted = r"^\[(?:site\.translations\.(?:pl|ar)|short\.pl)\][^\[]*"
    tables = re.findall(wanted, whole["pack.toml"].decode(), flags=re.MULTILINE)
    files["pack.toml"] += "\n".join(["", *tables]).encode()
    assert (len(tables), faults_of(files, NAME)) == (3, [])
    for name, old in (
        ("site.en.md", b"You know your child best."),
        ("letter.en.md", b"You do not need to be sure.\n"),
    ):
        files[name] = files[name].replace(old, b"One more.\n\n" + old, 1)
    places = [one.place.file for one in faults_of(files, NAME) if one.place]
    assert sorted(places) == [f"{NAME}/{name}" for name in ("short.pl.md", "site.ar.md", "site.pl.md")]
