"""A translator's file: out as PO, back in as the pack's files, and nothing that must stay is lost on the way."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from everyfamily.cli.main import main
from everyfamily.core.packs.packs import load_pack
from everyfamily.core.packs.short_texts import is_current
from everyfamily.core.packs.translators_file import TranslatorsFileNotUsable, read
from everyfamily.core.packs.written_texts import with_table
from tests.factories.demonstration import PACK, demo_pack
from tests.factories.each import each
from tests.factories.short_words import with_short

UNIT = re.compile(r'msgctxt "(?P<key>[^"]+)"\nmsgid "(?P<english>(?:[^"\\]|\\.)*)"\nmsgstr ""')
NAMES = ("--translator", "T. Person")


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["translations", *(str(word) for word in words)])


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the demonstration's pack, with the small set in Polish and no pages of the site."""
    folder = tmp_path / PACK.name
    folder.mkdir()
    for name, data in with_short().items():
        if not name.startswith("site.") or name == "site.en.md":
            (folder / name).write_bytes(data)
    toml = (folder / "pack.toml").read_text()
    (folder / "pack.toml").write_text(re.sub(r"\[site\.translations\.[^[]*", "", toml))
    return folder


def sent_out(pack: Path, language: str, *options: str | Path) -> Path:
    file = pack.parent / f"{language}.po"
    done = run("out", pack, language, "--out", file, *options)
    assert done.exit_code == 0, done.output
    return file


def translated(file: Path) -> None:
    """As if somebody had translated everything: each passage by its own English in capital letters."""

    def capitals(found: re.Match[str]) -> str:
        parts = re.split(r"(\(\([^()]+\)\)|\S+\.\S+)", found["english"])
        words = "".join(part.upper() if at % 2 == 0 else part for at, part in enumerate(parts))
        return f'{found[0][:-2]}"{words}"'

    file.write_text(UNIT.sub(capitals, file.read_text()))


def test_a_file_says_what_each_passage_is_and_what_must_stay(pack: Path) -> None:
    text = sent_out(pack, "cy").read_text()
    assert '"Language: cy\\n"' in text
    assert f'"Project-Id-Version: {PACK.name} 1.2.0\\n"' in text
    assert (
        "#. Keep: ((route emergency))  55\n"
        f"#: {PACK.name}/letter.en.md:66\n"
        'msgctxt "letter/card/3"\n'
        'msgid "Cannot speak? Call ((route emergency)) on a mobile, cough or tap, then press 55."\n'
        'msgstr ""\n'
    ) in text
    parts = {key.partition("/")[0] for key in re.findall(r'msgctxt "(.*)"', text)}
    assert parts == {"short", "letter", "email", "sms", "newsletter", "briefing", "site"}
    assert 'msgid "((route local))"' not in text


def test_a_whole_letter_comes_back_as_the_packs_files(pack: Path) -> None:
    file = sent_out(pack, "cy")
    translated(file)
    done = run("in", pack, file, *NAMES, "--checker", "C. Person")
    assert done.exit_code == 0, done.output
    read_pack = load_pack(pack)
    welsh, english = read_pack.texts["cy"], demo_pack().texts["en"]
    assert (welsh.translator, welsh.checker, welsh.english_digest) == (
        "T. Person",
        "C. Person",
        english.english_digest,
    )
    assert welsh.title.text == english.title.text.upper()
    for own, theirs in zip(welsh.passages(), english.passages(), strict=True):
        assert (own.id, own.kind, own.sources, own.promise, own.only) == (
            *(theirs.id, theirs.kind, theirs.sources, theirs.promise, theirs.only),
        )
    assert read_pack.site["cy"].is_reviewed
    assert is_current(read_pack.short["cy"], read_pack.short["en"])
    assert is_current(read_pack.short["pl"], read_pack.short["en"])
    again = sent_out(pack, "cy").read_text()
    assert read(again.encode(), "cy.po").units == read(file.read_bytes(), "cy.po").units


@each(
    "old, new, fact",
    [
        (
            "zadzwoń pod ((route emergency)).",
            "zadzwoń pod 999.",
            'other gaps than the English one (none and "((rou',
        ),
        ("naciśnij 55. To", "naciśnij 44. To", "other digits"),
        ("Nie musisz mieć pewności.", "Nie musisz. Pisz: pomoc.example", "other addresses"),
        ("Nie musisz mieć pewności.", "Nie musisz | mieć", 'There is a "|" in the words'),
        ("Nie musisz mieć pewności.", "Nie ((musisz", "opened and not closed"),
        ("Nie musisz mieć pewności.", "1. Nie musisz", "other digits"),
        ("Nie musisz mieć pewności.", "- Nie musisz", "begin with a mark"),
        ("Szkoła dziecka", "Szkoła\u202e dziecka", "invisible mark"),
    ],
)
def test_what_was_lost_is_refused_with_its_line(pack: Path, old: str, new: str, fact: str) -> None:
    file = sent_out(pack, "pl", "--part", "short")
    before = {path.name: path.read_bytes() for path in pack.iterdir()}
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    line = next(
        at for at, one in enumerate(file.read_text().split("\n"), 1) if one == f'msgstr "{new}"' or new in one
    )
    done = run("in", pack, file, *NAMES)
    assert done.exit_code == 1
    assert f"pl.po:{line - 1}: EF191: " in done.output
    assert fact in " ".join(done.output.split())
    assert {path.name: path.read_bytes() for path in pack.iterdir()} == before


def test_only_what_changed_in_english_is_to_be_looked_at_again(pack: Path) -> None:
    file = sent_out(pack, "pl", "--part", "short")
    assert run("in", pack, file, *NAMES, "--checker", "C. Person").exit_code == 0
    letter = pack / "letter.en.md"
    letter.write_text(letter.read_text().replace("You do not need to be sure.\n", "You need not be sure.\n", 2))
    again = sent_out(pack, "pl", "--part", "short").read_text()
    assert again.count("#, fuzzy") == 1
    assert (
        '#, fuzzy\n#| msgid "You do not need to be sure."\nmsgctxt "short/card/7"\n'
        'msgid "You need not be sure."\nmsgstr "Nie musisz mieć pewności."\n'
    ) in again
    old = run("in", pack, file, *NAMES)
    assert "15 of 16 passages, 1 to look at again" in old.output
    assert "Not written: it is used whole." in old.output
    assert not is_current(load_pack(pack).short["pl"], load_pack(pack).short["en"])


def test_without_a_memory_everything_of_older_english_is_to_be_looked_at(pack: Path) -> None:
    letter = pack / "letter.en.md"
    letter.write_text(letter.read_text().replace("You do not need to be sure.\n", "You need not be sure.\n", 2))
    assert sent_out(pack, "pl", "--part", "short").read_text().count("#, fuzzy") == 16


def test_an_unfinished_file_is_kept_in_the_next_one(pack: Path) -> None:
    file = sent_out(pack, "cy", "--part", "short")
    file.write_text(
        file.read_text().replace('msgid "In danger now"\nmsgstr ""', 'msgid "In danger now"\nmsgstr "Perygl"')
    )
    assert 'msgstr "Perygl"' in sent_out(pack, "cy", "--from", file).read_text()
    done = run("in", pack, file, *NAMES)
    assert "1 of 16 passages. Not written" in done.output
    assert "cy" not in load_pack(pack).short
    assert 'msgstr "Perygl"' in sent_out(pack, "cy").read_text()


def test_a_file_that_cannot_be_taken_in_is_refused(pack: Path) -> None:
    file = sent_out(pack, "pl", "--part", "short")
    assert "EF192" in run("in", pack, file).output
    other = pack.parent / "other"
    shutil.copytree(pack, other)
    toml = other / "pack.toml"
    toml.write_text(toml.read_text().replace(f'id = "{PACK.name}"', 'id = "other"'))
    assert "EF190" in run("in", other, file, *NAMES).output


HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nLanguage: {}\\n"\n'


@each("language", ["en", "../pl", "PL", "xx", ""])
def test_a_language_that_is_none_is_refused(pack: Path, language: str) -> None:
    assert run("out", pack, language, "--out", pack.parent / "a.po").exit_code == 2
    assert not (pack.parent / "a.po").exists()


@each("text", ["not a po file", 'msgid "a', HEAD.format(""), HEAD.format("../../pl"), HEAD.format("xx")])
def test_what_is_no_translators_file_is_refused(text: str) -> None:
    with pytest.raises(TranslatorsFileNotUsable):
        read(text.encode(), "pl.po")


def test_the_translators_name_comes_from_the_file_without_their_address(pack: Path) -> None:
    file = sent_out(pack, "pl", "--part", "short")
    text = file.read_text().replace("NAME OF THE TRANSLATOR", "Ewa Person <ewa@example.org>")
    file.write_text(text)
    assert run("in", pack, file).exit_code == 0
    assert load_pack(pack).short["pl"].translator == "Ewa Person"


def test_what_somebody_wrote_beside_a_tables_name_stays() -> None:
    toml = '[short.pl]    # Polish: ask Anna\ntranslator = "A"\nenglish_digest = "0"\n\n# The next one.\n[short.ar]\n'
    made = with_table(toml, "short.pl", {"translator": "B", "checker": None, "english_digest": "1"})
    assert made == toml.replace('"A"', '"B"').replace('"0"', '"1"')
    assert with_table(toml, "short.ro", {"translator": "C"}) == f'{toml}\n[short.ro]\ntranslator = "C"\n'
