"""A letter is written in the tables: the same letter as the command makes, and nothing of anybody's words is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from everyfamily.core.packs.drafting import Added
from everyfamily.core.packs.opened_pack import open_pack
from everyfamily.core.packs.overrides import parse_overrides
from everyfamily.core.packs.overriding import with_overrides
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily_postgres.launcher import Server
from tests.factories.demonstration import DATED, PACK, REFERENCE
from tests.factories.drafted import AUTHOR, NOW, OTHER, TERM, TOPIC, Place, begun, saved, with_keys
from tests.factories.english_pack import english_files

if TYPE_CHECKING:
    from everyfamily.core.letter.letters import Letter
    from everyfamily.letters.draft_queries.drafts import DraftFacts

pytestmark = [pytest.mark.database, pytest.mark.slow]

OURS = "misses lessons, clubs or whole days | worry or caring at home"


@pytest.fixture
def place(database: Server, tmp_path: Path) -> Iterator[Place]:
    """Settings whose signatories have keys."""
    with with_keys(tmp_path) as made:
        yield made


def facts(draft_id: int) -> DraftFacts:
    from everyfamily.letters.draft_queries.drafts import draft

    found = draft(draft_id)
    assert found is not None
    return found


def letter(draft_id: int) -> Letter:
    from everyfamily.letters.draft_queries.words import letter_of_draft, partnership_now

    return letter_of_draft(facts(draft_id), partnership_now(NOW))


def by_command(place: Place, overrides: str = "") -> Letter:
    """The letter as `everyfamily compose` makes it, with the file of overrides that a page gave."""
    from everyfamily.core.letter.compose import compose

    pack = open_pack(PACK).parsed()
    if overrides:
        pack = with_overrides(pack, *parse_overrides(overrides, "overrides.toml"))
    partnership = load_partnership(place.partnership)
    return compose(pack, partnership, term=TERM, dated=DATED, reference=REFERENCE)


def test_it_is_the_letter_of_the_command_with_and_without_own_words(place: Place) -> None:
    from everyfamily.letters.draft_queries.words import overrides_of

    draft_id = begun()
    assert letter(draft_id) == by_command(place)
    saved(draft_id, "changes", {"changes/2": OURS}, why="Clubs see it first here.")
    saved(draft_id, "past", {}, added=[Added("past/1", "Our own line for adults is open on Mondays.")])
    saved(draft_id, "outside", {"subject": "A letter for you to read"})
    made = letter(draft_id)
    assert made == by_command(place, overrides_of(facts(draft_id)))
    assert made.overridden is not None
    assert made.overridden.passages == ("en changes/2", "en subject", "en past/1+1")
    saved(
        draft_id,
        "changes",
        {"changes/2": "misses lessons or whole days | worry or caring at home"},
    )
    saved(draft_id, "outside", {"subject": by_command(place).english.subject.text})
    saved(draft_id, "past", {}, added=[])
    assert letter(draft_id) == by_command(place), "without an override it is the pack's own letter again"


def test_a_draft_keeps_its_pack_and_takes_a_newer_one_when_somebody_says_so(place: Place, tmp_path: Path) -> None:
    from django.test import override_settings

    from everyfamily.letters.actions.drafts import begin_from, newer_pack, take_newer_pack
    from everyfamily.letters.actions.passages import back_to_pack, keep_ours
    from everyfamily.letters.draft_queries.words import drafted, stale_of

    installed = tmp_path / "packs" / TOPIC
    installed.mkdir(parents=True)
    for name, data in english_files().items():
        (installed / name).write_bytes(data)
    with override_settings(EVERYFAMILY_PACKS=str(tmp_path / "packs")):
        draft_id = begun()
        saved(draft_id, "changes", {"changes/2": OURS})
        before = letter(draft_id)
        body = installed / "letter.en.md"
        body.write_text(body.read_text().replace("misses lessons or whole days", "misses lessons"))
        assert letter(draft_id) == before, "a file that changes on disk changes no draft"
        newer = newer_pack(facts(draft_id))
        assert newer is not None
        # The letter of a later term, from this one's words and the newer pack.
        place.rewrite('topic = "harmful-groups-online"', f'topic = "{TOPIC}"')
        later = begin_from(
            draft_id, "summer-2027", date(2027, 4, 27), reference="ES-2704-AAAA", by=OTHER, now=NOW
        )
        assert [one.words for one, _ in stale_of(facts(later))] == [OURS]
        assert not take_newer_pack(draft_id, "0" * 64, by=AUTHOR, now=NOW), "somebody looked at another one"
        assert take_newer_pack(draft_id, newer.digest, by=AUTHOR, now=NOW)
        assert newer_pack(facts(draft_id)) is None
    ((stale, there),) = stale_of(facts(draft_id))
    assert (stale.words, there) == (OURS, "misses lessons | worry or caring at home")
    assert keep_ours(draft_id, "en", "changes/2", by=AUTHOR, now=NOW)
    assert stale_of(facts(draft_id)) == []
    assert letter(draft_id).english.section("changes").passages[1].text == OURS.partition(" | ")[0]
    assert back_to_pack(draft_id, "en", "changes/2", by=AUTHOR, now=NOW)
    assert not back_to_pack(draft_id, "en", "changes/2", by=AUTHOR, now=NOW)
    assert drafted(draft_id) == {}
    assert drafted(later)["en", "changes/2"].words == OURS, "each draft has its own words"


def test_two_authors_in_one_section_lose_nothing(place: Place) -> None:
    """Both press at one moment, each in a connection of their own."""
    from django.db import connection

    from everyfamily.letters.actions.passages import Conflict, Saved
    from everyfamily.letters.draft_queries.words import versions

    draft_id = begun()
    start, results = threading.Barrier(2), {}

    def press(who: Any, words: str) -> None:
        start.wait()
        try:
            results[who.name] = saved(draft_id, "changes", {"changes/2": words}, seen=0, by=who)
        finally:
            connection.close()

    ours = {AUTHOR.name: OURS, OTHER.name: OURS.replace("clubs", "training")}
    pressed = [threading.Thread(target=press, args=(who, ours[who.name])) for who in (AUTHOR, OTHER)]
    for one in pressed:
        one.start()
    for one in pressed:
        one.join()
    (winner,) = [name for name, result in results.items() if isinstance(result, Saved)]
    (loser,) = [name for name, result in results.items() if isinstance(result, Conflict)]
    theirs = {one.id: one.words for one in results[loser].theirs.passages}
    assert (theirs["changes/2"], results[loser].theirs.by) == (ours[winner], winner)
    assert [one.by for one in versions(draft_id)] == [winner]
    again = saved(draft_id, "changes", {"changes/2": ours[winner]}, seen=0, by=OTHER)
    assert isinstance(again, Saved) and again.rows == 0, "who presses twice has saved it"
    saved(draft_id, "changes", {"changes/2": ours[loser]}, by=OTHER)
    assert [one.passages for one in versions(draft_id)] == [("changes/2",), ("changes/2",)]


def test_what_cannot_be_a_letter_is_not_begun_and_not_saved(place: Place) -> None:
    from everyfamily.core.errors import EveryfamilyError
    from everyfamily.letters.actions.drafts import end_draft, set_dated
    from everyfamily.letters.actions.passages import Refused
    from everyfamily.letters.draft_queries.drafts import drafts

    def refused(code: str, **values: Any) -> None:
        with pytest.raises(EveryfamilyError) as problem:
            begun(**values)
        assert problem.value.code == code

    from everyfamily.letters.actions.drafts import begin

    with pytest.raises(EveryfamilyError, match="no such pack"):
        begin("../../packs", TERM, DATED, reference=REFERENCE, by=AUTHOR, now=NOW)
    with pytest.raises(EveryfamilyError, match="The year plan has"):
        begin("summer", TERM, DATED, reference=REFERENCE, by=AUTHOR, now=NOW)
    refused("EF152", reference="es 2703")
    refused("EF152", reference=None)
    assert drafts() == []
    draft_id = begun()
    refused("EF334")
    refused("EF335", reference="ES-2703-AAAA")
    for words in ("Ring ((the mayor)).", "Ring\u202eus.", "x" * 2001, ""):
        result = saved(draft_id, "past", {"past/1": words})
        assert isinstance(result, Refused) and list(result.faults) == ["past/1"]
    with pytest.raises(EveryfamilyError, match="no such section"):
        saved(draft_id, "past", {"changes/2": OURS})
    end_draft(draft_id, by=AUTHOR, now=NOW)
    for act in (
        lambda: saved(draft_id, "past", {"past/1": "More."}),
        lambda: set_dated(draft_id, date(2027, 3, 3), by=AUTHOR, now=NOW),
    ):
        with pytest.raises(EveryfamilyError, match="gave this letter up"):
            act()
    assert begun(reference="ES-2703-AAAA") > draft_id, "a new one may be begun then"
