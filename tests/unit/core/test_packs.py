"""A pack is read whole, or refused with file, line and fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.toml_files import TomlNotValid
from everyfamily.core.packs.pack_faults import faults_of
from everyfamily.core.packs.pack_sections import CARD_FIRST_SECTIONS, REQUIRED_SECTIONS, PackIncomplete
from everyfamily.core.packs.packs import Pack, load_pack, parse_pack
from everyfamily.core.packs.translations import english_digest
from tests.factories.demonstration import ROOT, demo_pack, pack_files
from tests.factories.each import each

FILES = ["pack.toml", "sources.toml", "letter.en.md", "email.en.txt", "sms.en.txt"]
FILES += ["newsletter.en.md", "briefing.en.md"]


def refusal(changes: dict[str, bytes | None]) -> EveryfamilyError:
    files: dict[str, bytes | None] = {**pack_files(), **changes}
    with pytest.raises(EveryfamilyError) as caught:
        parse_pack({name: raw for name, raw in files.items() if raw is not None}, "pack")
    return caught.value


def replaced(name: str, old: str, new: str) -> dict[str, bytes | None]:
    text = pack_files()[name].decode()
    assert old in text
    return {name: text.replace(old, new, 1).encode()}


def translated_by(language: str, **changes: str) -> bytes:
    digest = demo_pack().texts["en"].english_digest
    table = {"translator": "T. Person", "checker": "C. Person", "english_digest": digest, **changes}
    rows = "".join(f'{key} = "{value}"\n' for key, value in table.items() if value)
    return f"\n[translations.{language}]\n{rows}".encode()


def test_the_pack_reads_whole() -> None:
    pack = demo_pack()
    english = pack.texts["en"]
    assert [section.id for section in english.sections] == list(REQUIRED_SECTIONS)
    assert english.section("now").passages[0].aside == "cannot find them? Call ((route emergency))"
    assert english.section("call").passages[0].promise == "trained-person"
    assert len(pack.digest) == 64


def test_a_passage_knows_its_line() -> None:
    text = pack_files()["letter.en.md"].decode().split("\n")
    for passage in demo_pack().texts["en"].passages():
        assert passage.text.split(" ")[0] in text[passage.place.line - 1]


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(name: str) -> None:
    error = refusal({name: None})
    assert name in error.fact
    assert str(error.place) == f"pack/{name}:1"


@each("name", FILES)
@each(
    "raw, fact",
    [
        (b"", "The file is empty."),
        (b"  \n\n", "The file is empty."),
        (b"one\ntwo \xff\xfe three", "The file is not UTF-8 text."),
        (b"one\x00", "The file has a control character in it."),
    ],
)
def test_a_file_that_is_no_text_is_refused(name: str, raw: bytes, fact: str) -> None:
    error = refusal({name: raw})
    assert error.fact == fact
    assert error.place is not None
    assert error.place.file == f"pack/{name}"


def test_a_wrong_letter_is_found_on_its_line() -> None:
    assert str(refusal({"letter.en.md": b"# T {#title}\n\nan \xe9t\xe9"}).place) == "pack/letter.en.md:3"


@each("section", list(REQUIRED_SECTIONS))
def test_a_missing_section_is_named(section: str) -> None:
    text = pack_files()["letter.en.md"].decode()
    kept: list[str] = []
    standing = True
    for line in text.split("\n"):
        if line.startswith("## "):
            standing = f"{{#{section}" not in line
        if standing:
            kept.append(line)
    error = refusal({"letter.en.md": "\n".join(kept).encode()})
    assert f'The section "{section}" is missing' in error.fact


def summer_files() -> dict[str, bytes]:
    """The files of a letter to put up, whose card comes third."""
    return {path.name: path.read_bytes() for path in (ROOT / "packs/summer").iterdir()}


def test_a_letter_to_put_up_has_its_card_third_and_sections_of_its_own() -> None:
    english = parse_pack(summer_files(), "summer").texts["en"]
    assert [section.id for section in english.sections] == list(CARD_FIRST_SECTIONS)
    assert set(CARD_FIRST_SECTIONS) < set(REQUIRED_SECTIONS)


@each("section", [name for name in CARD_FIRST_SECTIONS if name not in ("opening", "danger", "card")])
def test_a_missing_section_of_a_letter_to_put_up_is_named(section: str) -> None:
    files = summer_files()
    changed = files["letter.en.md"].replace(f"{{#{section}".encode(), b"{#told")
    with pytest.raises(PackIncomplete) as refused:
        parse_pack({**files, "letter.en.md": changed}, "summer")
    assert f'The section "{section}" is missing' in refused.value.fact
    assert any(
        f'"{section}" is missing' in one.fact for one in faults_of({**files, "letter.en.md": changed}, "summer")
    )


@each(
    "old, new, fact",
    [
        ("- goes missing", "* goes missing", "The line starts with a mark that a pack does not know."),
        ("- goes missing", "-goes missing", "The line starts with a mark that a pack does not know."),
        ("- goes missing", "1. goes missing", "The line starts with a mark that a pack does not know."),
        ("## What it is", "### What it is", "The line starts with a mark that a pack does not know."),
        ("## What it is {#what}", "## What it is", "The section has no id."),
        ("{#what}", "{#danger}", 'The id "danger" is here a second time.'),
        ("{#what}", "{#What}", 'The id "What" is not a plain name.'),
        ("# Keeping", "# First {#title}\n\n# Keeping", 'There is a second "# " title here.'),
        ("# Keeping", "## Keeping", "The title does not come first."),
        ("# Keeping children safe from sexual exploitation", "# ", "The title is empty."),
        ("## {#opening}\n", "", "There is text before the first section."),
        ("Dear parent or carer", "{promise=greeting}", "The passage is empty."),
        ("- misses lessons or whole days | worry or caring at home", "- ", "The item is empty."),
        (
            "## What it is {#what}",
            "## What it is {#what promise=What}",
            'The promise "What" is not a plain name.',
        ),
        ("| worry or caring at home", "|", "The bar is not between one text and one aside."),
        ("| worry or caring at home", "| worry | home", "The bar is not between one text and one aside."),
        ("Your child may show none", "Your child | may show none", "There is a bar in a paragraph."),
        ("promise=interpreter", "promises=interpreter", 'The attribute "promises=interpreter" is not known.'),
        ("promise=interpreter", "promise=a promise=b", 'The attribute "promise" is here twice.'),
        ("promise=interpreter", "only=radio", '"only=radio" is not known.'),
        ("promise=interpreter", "if=sunny", 'The condition "sunny" is not known.'),
        ("promise=interpreter", "#here", "Only sections have an id."),
        ("Dear parent", "{Dear} parent", "There is a brace where none is allowed."),
        ("((partners))", "((partner))", 'The gap "((partner))" is not one this pack declares.'),
        ("((partners))", "((partners ((area))))", "A gap is opened inside another gap."),
        ("((partners))", "((partners", "A gap is opened inside another gap."),
        ("in person or online.", "in person or ((online.", "A gap is opened and not closed."),
        ("source=S6,S35", "source=S6,S999", 'The source "S999" is not in sources.toml.'),
        ("- misses lessons", "- | a gift", "The bar is not between one text and one aside."),
        ("## {#fault}", "## {#blame}", 'The section "fault" is missing'),
    ],
)
def test_a_fault_in_the_letter_is_named_with_its_line(old: str, new: str, fact: str) -> None:
    change = replaced("letter.en.md", old, new)
    error = refusal(change)
    assert error.fact.startswith(fact)
    assert error.place is not None
    assert error.fix


@each(
    "name, old, new, fact",
    [
        ("pack.toml", "nations", "nation", '"nations" is missing.'),
        ("pack.toml", 'version = "1.2.0"', 'version = "1"', '"version" cannot be used'),
        ("pack.toml", "[routes]", "[routes", "The file is not valid TOML"),
        (
            "pack.toml",
            'card = ["emergency", "local"',
            'card = ["local", "emergency"',
            '"routes.card" cannot be used',
        ),
        ("sources.toml", 'status = "found"', 'status = "sure"', '"sources.'),
        ("sources.toml", "review_on = ", "review = ", '"sources.OWN.review_on" is missing.'),
        ("email.en.txt", "Subject:", "Topic:", "The line does not start with a known name."),
        ("email.en.txt", "Preheader: Sent to ((families))", "Preheader:\n#", '"Preheader" has no text.'),
        ("sms.en.txt", "Two fragments:", "One fragment:", '"One fragment" is here twice.'),
        ("sms.en.txt", "Two fragments:", "# Two fragments:", '"Two fragments" is missing.'),
    ],
)
def test_a_fault_in_another_file_is_named(name: str, old: str, new: str, fact: str) -> None:
    error = refusal(replaced(name, old, new))
    assert error.fact.startswith(fact)
    assert error.place is not None
    assert error.place.file == f"pack/{name}"


def test_sections_stand_in_the_order_of_a_letter() -> None:
    text = pack_files()["letter.en.md"].decode()
    text = text.replace("{#past}", "{#x}").replace("{#more}", "{#past}").replace("{#x}", "{#more}")
    assert "order" in refusal({"letter.en.md": text.encode()}).fact


def test_a_section_no_letter_has_is_refused() -> None:
    text = pack_files()["letter.en.md"] + b"\n## Win a prize {#prize}\n\nCome in.\n"
    assert 'The section "prize"' in refusal({"letter.en.md": text}).fact


def test_any_changed_byte_changes_the_digest() -> None:
    changed = {**pack_files(), "sms.en.txt": pack_files()["sms.en.txt"] + b"\n"}
    assert parse_pack(changed, "pack").digest != parse_pack(pack_files(), "pack").digest


def test_a_folder_that_is_not_there_is_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(EveryfamilyError, match="folder is not there"):
        load_pack(tmp_path_factory.getbasetemp() / "nothing")


def test_a_language_without_its_text_is_named() -> None:
    error = refusal(replaced("pack.toml", 'languages = ["en"]', 'languages = ["cy", "en"]'))
    assert error.fact == "The pack has no file letter.cy.md."


def test_a_pack_without_english_is_refused() -> None:
    files = {name.replace(".en.", ".cy."): raw for name, raw in pack_files().items()}
    files["pack.toml"] = files["pack.toml"].replace(b'languages = ["en"]', b'languages = ["cy"]')
    with pytest.raises(EveryfamilyError, match="no English text"):
        parse_pack(files, "pack")


def test_a_letter_without_anything_but_blanks_and_comments_has_no_title() -> None:
    assert refusal({"sms.en.txt": b"# nothing\n"}).fact == '"One fragment" is missing.'


def test_a_section_without_words_is_named() -> None:
    text = pack_files()["letter.en.md"].decode()
    start, end = text.index("It is not your child’s fault."), text.index("## Changes you may notice")
    assert (
        refusal({"letter.en.md": (text[:start] + text[end:]).encode()}).fact
        == 'The section "fault" has no words.'
    )


def test_a_translation_has_the_sections_of_the_english() -> None:
    files = pack_files()
    files["pack.toml"] = files["pack.toml"].replace(b'languages = ["en"]', b'languages = ["en", "cy"]')
    for name in ("letter.{}.md", "email.{}.txt", "sms.{}.txt", "newsletter.{}.md"):
        files[name.format("cy")] = files[name.format("en")]
    files["pack.toml"] += translated_by("cy")
    texts = parse_pack(files, "pack").texts
    assert set(texts) == {"en", "cy"}
    # Staff read English; families read what was written for them.
    assert (texts["cy"].briefing, texts["cy"].newsletter is None) == (None, False)
    files["letter.cy.md"] = files["letter.cy.md"].replace(b"## {#fault}\n", b"")
    with pytest.raises(EveryfamilyError, match="not those of the English text"):
        parse_pack(files, "pack")


def test_a_wrong_file_is_not_read_whole(tmp_path: Path) -> None:
    for name, raw in pack_files().items():
        (tmp_path / name).write_bytes(raw)
    (tmp_path / "letter.en.md").write_bytes(b"x" * 2_000_001)
    with pytest.raises(EveryfamilyError, match="larger than 2 MB"):
        load_pack(tmp_path)


@pytest.mark.parametrize("name", ["newsletter", "briefing"])
def test_what_a_school_says_beside_the_letter_has_its_sections_and_ids_of_its_own(name: str) -> None:
    english = demo_pack().texts["en"]
    ids = [passage.id for passage in (*english.passages(), *english.outside(), *english.beside())]
    assert len(ids) == len(set(ids))
    file = f"{name}.en.md"
    text = pack_files()[file].decode()
    start = text.rindex("\n## ")
    error = refusal({file: text[:start].encode()})
    assert ("is missing" in error.fact, error.place is not None and error.place.file) == (True, f"pack/{file}")
    strange = refusal({file: (text + "\n## More {#more}\n\nMore words.\n").encode()})
    assert 'The section "more" is not one of a' in strange.fact
    source = refusal({file: (text + "\nOne more fact. {source=S999}\n").encode()})
    assert source.fact == 'The source "S999" is not in sources.toml.'


def test_a_pack_may_have_no_press_lines() -> None:
    files = pack_files()
    assert parse_pack(files, "pack").texts["en"].press is not None
    del files["press.en.md"]
    assert parse_pack(files, "pack").texts["en"].press is None


@each(
    "old, new, code, fact",
    [
        ("? | No. The letter", "? No. The letter", "EF145", "The question has no answer."),
        (
            "Use it from ((dated))",
            "Use it soon",
            "EF145",
            "The press lines do not say from when they may be used.",
        ),
        ("## Say this {#say}", "## Say this {#lines}", "EF123", 'The section "say" is missing'),
        ("promise=planned-letter", "source=S999", "EF123", 'The source "S999" is not in sources.toml.'),
        (
            "((route local))",
            "((route night))",
            "EF123",
            'The gap "((route night))" is not one this pack declares.',
        ),
    ],
)
def test_a_fault_in_the_press_lines_is_named(old: str, new: str, code: str, fact: str) -> None:
    error = refusal(replaced("press.en.md", old, new))
    assert error.code == code
    assert error.fact.startswith(fact)
    assert error.place is not None
    assert error.place.file == "pack/press.en.md"


def test_the_newsletter_passage_is_short_enough_to_be_printed() -> None:
    newsletter = demo_pack().texts["en"].newsletter
    assert newsletter is not None
    assert 150 <= sum(len(passage.text.split()) for passage in newsletter.passages()) <= 250


def welsh_pack(table: bytes, **changed: bytes) -> Pack:
    files = {**pack_files(), **changed}
    files["pack.toml"] = files["pack.toml"].replace(b'languages = ["en"]', b'languages = ["en", "cy"]') + table
    for name in ("letter.{}.md", "email.{}.txt", "sms.{}.txt", "newsletter.{}.md"):
        files[name.format("cy")] = files[name.format("en")]
    return parse_pack(files, "pack")


def test_a_translation_says_who_made_it_of_which_english() -> None:
    pack = welsh_pack(translated_by("cy", checker=""))
    welsh, english = pack.texts["cy"], pack.texts["en"]
    assert (welsh.translator, welsh.checker, english.translator) == ("T. Person", None, None)
    assert welsh.english_digest == english.english_digest == english_digest(english)


def test_a_translation_of_nobody_is_refused_with_the_digest_to_write() -> None:
    with pytest.raises(PackIncomplete, match='who made the translation "cy"') as caught:
        welsh_pack(b"")
    digest = demo_pack().texts["en"].english_digest
    assert f'english_digest = "{digest}"' in caught.value.fix
    assert caught.value.place is not None
    assert caught.value.place.line > 1


@pytest.mark.parametrize("language", ["en", "pl"])
def test_a_table_of_no_translation_is_refused(language: str) -> None:
    with pytest.raises(PackIncomplete, match=f"translations.{language} is of no translation"):
        welsh_pack(translated_by("cy") + translated_by(language))


@pytest.mark.parametrize("digest", ["", "0" * 15, "X" * 16])
def test_a_digest_that_can_be_none_is_refused(digest: str) -> None:
    with pytest.raises(TomlNotValid, match="english_digest"):
        welsh_pack(translated_by("cy", english_digest=digest))


def test_only_words_that_families_read_make_another_english() -> None:
    before = demo_pack().texts["en"].english_digest
    letter, briefing = pack_files()["letter.en.md"], pack_files()["briefing.en.md"]

    def digest(**changed: bytes) -> str | None:
        return parse_pack({**pack_files(), **changed}, "pack").texts["en"].english_digest

    assert (
        digest(**{"letter.en.md": letter.replace(b"Dear parent or carer", b"Dear parents or carers")}) != before
    )
    assert digest(**{"letter.en.md": letter.replace(b"source=S6,S35", b"source=S6")}) == before
    assert digest(**{"letter.en.md": letter.replace(b"## {#danger}", b"\n\n## {#danger}")}) == before
    assert digest(**{"briefing.en.md": briefing.replace(b" the ", b" that ", 1)}) == before
    press = pack_files()["press.en.md"]
    assert digest(**{"press.en.md": press.replace(b" the ", b" that ", 1)}) == before


def test_a_letter_does_not_wait_for_the_sites_translations() -> None:
    files = {**pack_files(), "site.pl.md": "# Listy {#title}\n\n## Inne {#other}\n\nZadzwoń.\n".encode()}
    with pytest.raises(PackIncomplete, match='no section "other"'):
        parse_pack(files, "pack")
    alone = parse_pack(files, "pack", ())
    assert list(alone.site) == ["en"]
    assert alone.texts == parse_pack(pack_files(), "pack").texts


def test_a_pack_is_the_same_one_whichever_languages_of_its_pages_were_read() -> None:
    """A seal names the pack by its digest: that is of every file."""
    assert len({parse_pack(pack_files(), "pack", wanted).digest for wanted in (None, (), ("pl",))}) == 1
