"""Two versions of a pack are compared, and a page for reviewers has every sentence with its sources."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from everyfamily.core.packs.pack_changes import PackChanges, Rise, changes_of, runs_between
from everyfamily.core.packs.pack_review import review_of, texts_of
from everyfamily.core.packs.packs import parse_pack
from everyfamily.rendering.pack_page import render_pack_page
from tests.factories.demonstration import demo_pack, pack_files
from tests.factories.each import each
from tests.factories.english_pack import english_files, english_pack

TODAY = date(2027, 3, 2)
NAME = "child-sexual-exploitation"


def changed(*changes: tuple[str, str, str], whole: bool = False) -> PackChanges:
    files = dict(pack_files()) if whole else english_files()
    for name, old, new in changes:
        assert old in files[name].decode()
        files[name] = files[name].decode().replace(old, new, 1).encode()
    return changes_of(demo_pack() if whole else english_pack(), parse_pack(files, NAME))


def test_one_word_is_one_change() -> None:
    found = changed(("letter.en.md", "- misses lessons", "- often misses lessons"))
    assert [(one.file, one.id) for one in found.passages] == [("letter.en.md", "changes/2")]
    assert found.passages[0].runs[0] == ("new", "often")
    assert not found.same_digest
    assert changed().same_digest


def test_a_passage_that_is_put_in_changes_no_other() -> None:
    found = changed(
        ("letter.en.md", "- misses lessons", "- sleeps badly | growing up {source=S75}\n- misses lessons")
    )
    assert [(one.id, [kind for kind, _ in one.runs]) for one in found.passages] == [("changes/2", ["new"])]


def test_words_are_compared_one_by_one() -> None:
    assert list(runs_between("stay with them", "stay close")) == [
        ("same", "stay"),
        ("gone", "with them"),
        ("new", "close"),
    ]


def test_promises_sources_and_routes_that_come_and_go_are_named() -> None:
    found = changed(
        ("letter.en.md", "promise=no-judgement", "promise=plain-words"),
        ("pack.toml", '"online", "survivors"]', '"online", "survivors", "runaways"]'),
        (
            "sources.toml",
            "[sources.S6]",
            '[sources.S666]\nsupports = "x"\naddress = "x"\nstatus = "found"\nas_found = "x"\n'
            "review_on = 2027-05-24\n\n[sources.S6]",
        ),
    )
    lists = {one.what: (one.came, one.went) for one in found.lists}
    assert lists["promises"] == (("plain-words",), ())  # "no-judgement" is also on the site
    assert lists["routes beside the card"] == (("runaways",), ())
    assert lists["sources"] == (("S666",), ())


@each(
    "change, rise",
    [
        (("pack.toml", 'nations = ["England"]', 'nations = ["England", "Wales"]'), Rise.FIRST),
        (("letter.en.md", "promise=interpreter", "promise=plain-words"), Rise.FIRST),
        (("pack.toml", '"CSE"]', '"CSE", "groomed"]'), Rise.FIRST),
        (("letter.en.md", "- misses lessons", "- often misses lessons"), Rise.SECOND),
        (("letter.en.md", "source=S6,S35", "source=S6"), Rise.SECOND),
        (("sources.toml", 'status = "recollection"', 'status = "found"'), Rise.SECOND),
        (("pack.toml", "review_on = 2027-08-31", "review_on = 2027-12-31"), Rise.THIRD),
        (("pack.toml", "# What this pack is", "# What the pack is"), Rise.THIRD),
    ],
)
def test_what_must_rise_depends_on_what_changed(change: tuple[str, str, str], rise: Rise) -> None:
    found = changed(change)
    assert found.must_rise is rise
    assert not found.version_is_right
    for number, version in {Rise.FIRST: "2.0.0", Rise.SECOND: "1.2.0", Rise.THIRD: "1.1.1"}.items():
        assert replace(found, versions=("1.1.0", version)).version_is_right is (number >= rise)
    assert not replace(found, versions=("1.1.0", "1.0.9")).version_is_right
    assert replace(found, versions=("0.1.0", "0.1.1")).version_is_right


def test_a_translation_of_the_old_english_is_named() -> None:
    found = changed(("site.en.md", "other causes. Look for", "other causes. See"), whole=True)
    assert {"site ar", "site pl", "site ur"} <= set(found.stale)
    was = replace(
        demo_pack(), site={**demo_pack().site, "pl": replace(demo_pack().site["pl"], english_digest="0" * 16)}
    )
    assert changes_of(was, was).stale == ()


def test_every_sentence_is_on_the_page_with_its_sources() -> None:
    pack = demo_pack()
    review = review_of(pack, pack_files()["sources.toml"].decode(), TODAY)
    page = render_pack_page(review, "1234 5678", TODAY)
    for text in texts_of(pack):
        for passage in text.passages:
            assert passage.kind in ("title", "heading") or f'id="p-{passage.id}"' in page, passage.id
            for key in passage.sources:
                assert f'href="#source-{key}"' in page
    assert len(set(re.findall(r' id="([^"]+)"', page))) == len(re.findall(r' id="([^"]+)"', page))
    assert "children in Year 6 or above" in page
    assert page.count("Confirmed by") == len(review.to_confirm)
    assert "Nobody has yet opened these pages on the live web" in page


def test_what_a_person_must_confirm_is_every_fact_that_nobody_has_seen() -> None:
    pack = demo_pack()
    review = review_of(pack, pack_files()["sources.toml"].decode(), TODAY)
    asked = {one.key for one in review.to_confirm}
    used = {key for text in texts_of(pack) for one in text.passages for key in one.sources}
    assert {key for key in used if pack.sources[key].status != "found"} <= asked
    assert "RELAY" in asked  # it was found, and its row asks for more
    later = review_of(pack, pack_files()["sources.toml"].decode(), date(2027, 6, 1))
    assert {one.key for one in later.to_confirm} == used
    assert set(review.routes) == {*pack.about.routes.card, *pack.about.routes.apart}
    assert [name for name, where in review.routes.items() if not where] == ["school"]  # only on the card


def test_what_the_writers_say_at_the_top_of_the_sources_is_read_as_they_wrote_it() -> None:
    legend = "# Keys.\n#\n#   status    found\n#   review_on the day\n#\n"
    text = f"{legend}# Also\n# confirm:\n#   - one,\n#     two\n#   - three\n# Last.\n\n[x]"
    assert review_of(english_pack(), text, TODAY).notes == ("Also confirm:", "- one, two", "- three", "Last.")
