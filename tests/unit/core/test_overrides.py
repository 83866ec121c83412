"""A partnership's own words on a pack: applied where they say, and stale when the pack moves."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from everyfamily.cli.letters.approving import what_is_approved
from everyfamily.core.agreement.seals import required_signatories
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.letter.compose import compose
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.overrides import (
    OverrideStale,
    begun_overrides,
    line_of,
    parse_overrides,
)
from everyfamily.core.packs.overrides import passages_of as by_id
from everyfamily.core.packs.overriding import override_faults, with_overrides
from everyfamily.core.packs.pack_review import review_of
from everyfamily.core.packs.packs import Pack, parse_pack
from everyfamily.core.packs.translation_states import states_of
from everyfamily.core.packs.translations import english_digest
from everyfamily.letters.files.record import build_record, letter_of
from everyfamily.rendering.pack_page import render_pack_page
from tests.factories.demonstration import DATED, REFERENCE, demo_pack, demo_partnership
from tests.factories.each import each
from tests.factories.english_pack import english_files, english_pack

FILE = "own.toml"
HEAD = 'pack = "child-sexual-exploitation"\nversion = "1.2.0"\n'
WAS = "misses lessons or whole days | worry or caring at home"
CHANGE = f"""
[[changes]]
passage = "changes/2"
was = "{WAS}"
words = "misses lessons, clubs or whole days | worry or caring at home"
why = "Clubs see it first here."
"""
ADDITION = """
[[additions]]
after = "past/1"
was = "{was}"
words = "Our own line for adults is open on Mondays."
sources = ["OURS"]
promises = ["mondays"]
why = "We have such a line."

[sources.OURS]
supports = "Opening hours"
address = "the council's page"
status = "found"
as_found = "1 March 2027"
review_on = 2027-09-01
""".replace("{was}", line_of(by_id(english_pack())["en", "past/1"]))


def own(text: str, pack: Pack | None = None) -> Pack:
    return with_overrides(pack or english_pack(), *parse_overrides(HEAD + text, FILE))


def facts(text: str, pack: Pack | None = None) -> list[str]:
    return [one.fact for one in override_faults(pack or english_pack(), *parse_overrides(text, FILE))]


def letter(pack: Pack) -> Letter:
    return compose(pack, demo_partnership(), term="spring-2027", dated=DATED, reference=REFERENCE)


def record(made: Letter) -> dict[str, Any]:
    keyed = replace(
        made, signatories=tuple(replace(one, keys=(ApprovalKey.of_file("x"),)) for one in made.signatories)
    )
    return build_record(keyed, {}, findings=(), waivers=(), rule_set="1", templates={})


def test_without_an_override_the_record_is_what_it_is_today() -> None:
    assert own("") is english_pack()
    row = record(letter(own("")))
    assert row == record(letter(english_pack()))
    assert "overridden" not in json.dumps(row)


def test_exactly_the_named_passage_is_other_words_and_every_id_stays() -> None:
    before, after = by_id(english_pack()), by_id(own(CHANGE))
    assert list(before) == list(after)
    assert [key for key in before if before[key] != after[key]] == [("en", "changes/2")]
    changed = after["en", "changes/2"]
    assert line_of(changed) == "misses lessons, clubs or whole days | worry or caring at home"
    assert (changed.sources, changed.kind) == (before["en", "changes/2"].sources, "item")
    assert str(changed.place) == f"{FILE}:4"


@each(
    "key", [key for key, one in by_id(english_pack()).items() if key[0] == "en" and "((" not in one.words][::12]
)
def test_any_passage_can_be_overridden_and_no_other_changes(key: tuple[str, str]) -> None:
    passage = by_id(english_pack())[key]
    words = f"Own {passage.text}" + (f" | {passage.aside}" if passage.aside else "")
    text = begun_overrides(english_pack(), [key[1]]).replace("TO FILL IN: ", "")
    text = text.replace(
        f"\nwords = {json.dumps(line_of(passage), ensure_ascii=False)}", f"\nwords = {json.dumps(words)}"
    )
    made = with_overrides(english_pack(), *parse_overrides(text, FILE))
    before, after = by_id(english_pack()), by_id(made)
    assert {one for one in before if before[one] != after[one]} == {key}
    assert made.overridden is not None
    assert made.overridden.passages == (f"en {key[1]}",)


def test_an_added_passage_comes_where_it_says_with_its_source_and_promise() -> None:
    pack = own(ADDITION)
    section = pack.texts["en"].section("past").passages
    place = [one.id for one in section].index("past/1+1")
    assert section[place - 1].id == "past/1"
    assert (section[place].sources, section[place].promise) == (("OURS",), "mondays")
    assert [one for one in by_id(pack) if one not in by_id(english_pack())] == [("en", "past/1+1")]
    assert {source.key for source in letter(pack).sources} > {
        source.key for source in letter(english_pack()).sources
    }


def test_the_record_says_which_words_are_own_and_for_which_version_they_were_made() -> None:
    made = letter(own(CHANGE + ADDITION))
    row = record(made)
    read = letter_of(row).overridden
    assert read is not None
    assert (read.made_for, read.passages) == ("1.2.0", ("en changes/2", "en past/1+1"))
    assert read.digest == parse_overrides(HEAD + CHANGE + ADDITION, "other.toml")[0].digest
    assert read.digest != parse_overrides(HEAD + CHANGE, FILE)[0].digest
    assert letter_of(row).pack_digest == english_pack().digest


def test_an_override_is_stale_when_the_pack_has_other_words_there() -> None:
    files = english_files()
    newer = {**files, "pack.toml": files["pack.toml"].replace(b'"1.2.0"', b'"1.3.0"')}
    own(CHANGE, parse_pack(newer, "pack"))  # another version with the same words there is fine
    files["letter.en.md"] = files["letter.en.md"].replace(b"- misses lessons", b"- often misses lessons")
    with pytest.raises(OverrideStale, match="other words now") as caught:
        own(CHANGE, parse_pack(files, "pack"))
    assert str(caught.value.place) == f"{FILE}:4"
    files["letter.en.md"] = files["letter.en.md"].replace(
        b"- often misses lessons", b"- sleeps badly | illness {source=S75}\n- misses lessons"
    )
    with pytest.raises(OverrideStale, match='now in "changes/3"'):
        own(CHANGE, parse_pack(files, "pack"))


@each(
    "change, fact",
    [
        (HEAD.replace("child-", "x-") + CHANGE, 'of the pack "x-sexual-exploitation"'),
        (HEAD + CHANGE.replace("changes/2", "changes/99"), 'no passage "changes/99"'),
        (HEAD + CHANGE + CHANGE, "changed twice"),
        (
            HEAD
            + CHANGE.replace("misses lessons, clubs", "misses lessons").replace(
                " or whole days |", " or whole days |"
            ),
            "those of the pack",
        ),
        (HEAD + CHANGE.replace("misses lessons, clubs", "{x} misses"), "a brace"),
        (
            HEAD + CHANGE.replace("misses lessons, clubs", "calls ((route nobody))"),
            "is not one this pack declares",
        ),
        (HEAD + CHANGE.replace("misses lessons, clubs", "calls ((route local"), "not closed"),
        (HEAD + CHANGE.replace("misses lessons, clubs", "misses \u202e"), "invisible mark"),
        (
            HEAD
            + CHANGE.replace(
                'words = "misses lessons, clubs or whole days | worry or caring at home"', 'words = "x"'
            ),
            "an aside",
        ),
        (HEAD + CHANGE.replace("Clubs see", "TO FILL IN: Clubs see"), "Nobody has said why"),
        (
            HEAD + ADDITION.replace("sources.OURS", "sources.S6").replace('"OURS"', '"S6"'),
            'a source "S6" of its own',
        ),
        (HEAD + ADDITION.replace('["OURS"]', '["THEIRS"]'), 'The source "THEIRS"'),
        (
            HEAD
            + ADDITION.replace('after = "past/1"', 'after = "subject"').replace(
                line_of(by_id(english_pack())["en", "past/1"]), line_of(by_id(english_pack())["en", "subject"])
            ),
            "Nothing can come after",
        ),
    ],
)
def test_what_cannot_be_said_is_refused_with_its_line(change: str, fact: str) -> None:
    assert any(fact in one for one in facts(change)), facts(change)


def test_all_faults_of_overrides_are_said_at_once() -> None:
    both = CHANGE.replace("changes/2", "changes/99").replace("misses lessons or", "x") + ADDITION.replace(
        '["OURS"]', '["X"]'
    )
    assert len(facts(HEAD + both)) == 2


def test_a_translation_of_words_that_are_own_now_is_a_draft_again() -> None:
    passage = by_id(demo_pack())["en", "site/signs/1"]
    change = (
        f'[[changes]]\npassage = "site/signs/1"\nwas = "{line_of(passage)}"\nwords = "Own words."\nwhy = "Ours."\n'
        f'[[additions]]\nafter = "site/signs/1"\nwas = "{line_of(passage)}"\nwords = "More."\nwhy = "Ours."\n'
    )
    pack = own(change, demo_pack())
    assert all(one.stale for one in states_of(pack) if one.part == "site")
    # A translation without the added passage shows the English there, and never another passage in its place.
    assert pack.site["pl"].section("signs") is None
    assert pack.site["pl"].section("now") is not None
    english = pack.site["en"].english_digest
    table = f'[site.pl]\ntranslator = "T. Person"\nchecker = "C. Person"\nenglish_digest = "{english}"\n'
    assert not next(one for one in states_of(own(change + table, demo_pack())) if one.language == "pl").stale


def test_the_english_that_a_translation_is_made_from_has_the_own_words() -> None:
    def digests(pack: Pack) -> tuple[str | None, str | None]:
        return pack.texts["en"].english_digest, pack.short["en"].english_digest

    was = line_of(by_id(english_pack())["en", "card/1"])
    card = f'[[changes]]\npassage = "card/1"\nwas = "{was}"\nwords = "Call us."\nwhy = "Ours."\n'
    before, after, on_card = digests(english_pack()), digests(own(CHANGE)), digests(own(card))
    assert (before[0] != after[0], before[1] == after[1]) == (True, True)
    assert (before[0] != on_card[0], before[1] != on_card[1]) == (True, True)
    assert own(CHANGE).texts["en"].english_digest == english_digest(own(CHANGE).texts["en"])


def test_nothing_is_added_where_each_line_has_a_drawing() -> None:
    passage = by_id(english_pack())["en", "site/easy-do/1"]
    text = (
        f'{HEAD}[[additions]]\nafter = "site/easy-do/1"\nwas = "{line_of(passage)}"\nwords = "More."\nwhy = "x"\n'
    )
    assert facts(text) == ["This section has a drawing beside each of its lines."]


def test_the_page_for_reviewers_shows_both_words() -> None:
    read = parse_overrides(HEAD + CHANGE + ADDITION, FILE)
    review = review_of(with_overrides(english_pack(), *read), "", date(2027, 3, 2), read)
    page = render_pack_page(review, "1234", date(2027, 3, 2))
    assert page.count("Our own words.") == 2
    assert WAS in page
    assert "Clubs see it first here." in page
    assert 'id="p-past/1+1"' in page


def test_a_signatory_is_shown_the_own_words() -> None:
    def asked(pack: Pack) -> str:
        row = record(letter(pack))
        return "\n".join(what_is_approved(Path("letter"), row, required_signatories(row)[0], None))

    passage = by_id(english_pack())["en", "site/signs/1"]
    change = f'[[changes]]\npassage = "site/signs/1"\nwas = "{line_of(passage)}"\nwords = "Own."\nwhy = "Ours."\n'
    said = asked(own(CHANGE + change))
    assert "Own words    2 passages, not the pack's:" in said
    assert "    en changes/2: misses lessons, clubs or whole days | worry or caring at home\n" in said
    assert "    en site/signs/1, on the parent site\n" in said
    assert "Own words" not in asked(english_pack())
