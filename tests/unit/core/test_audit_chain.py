"""A chain of audit events: whole, or broken at the first place that does not hold."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.audit_chain import (
    Chain,
    Head,
    HeadsNotReadable,
    Link,
    digest_of_heads,
    follow,
    read_heads,
    write_heads,
)


def chain_of(*texts: str) -> list[Link]:
    """Links over some spelled events."""
    links: list[Link] = []
    before = b""
    for place, text in enumerate(texts, start=1):
        spelled = f"{before.hex()} {text}"
        digest = hashlib.sha256(spelled.encode()).digest()
        links.append(Link(place, place + 100, 1, before, digest, spelled))
        before = digest
    return links


def why(chain: Chain) -> tuple[int, int | None, str]:
    assert chain.broken is not None
    return chain.broken.position, chain.broken.event_id, chain.broken.why


def test_a_whole_chain_has_its_last_digest_as_head() -> None:
    links = chain_of("opened", "sent", "closed")
    assert follow(links) == Chain(Head(3, links[2].digest.hex()))


def test_no_event_is_a_whole_chain_too() -> None:
    assert follow([]) == Chain(Head(0, "-"))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda link: replace(link, spelled="another"), "the event was changed"),
        (lambda link: replace(link, spelled=None), "the event is gone"),
        (lambda link: replace(link, previous=b"x"), "it does not follow the event before it"),
        (
            lambda link: replace(link, version=9),
            "its digest is of version 9, which this program does not know",
        ),
    ],
)
def test_the_first_link_that_does_not_hold_is_named(change, expected: str) -> None:  # type: ignore[no-untyped-def]
    links = chain_of("opened", "sent", "closed")
    links[1] = change(links[1])
    assert why(follow(links)) == (2, 102, expected)


def test_a_link_that_is_missing_is_named_by_its_place() -> None:
    links = chain_of("opened", "sent", "closed")
    del links[1]
    assert why(follow(links)) == (2, None, "its link is missing")


def test_an_event_that_was_changed_with_its_own_digest_breaks_at_the_next() -> None:
    links = chain_of("opened", "sent", "closed")
    forged = "another"
    links[1] = replace(links[1], spelled=forged, digest=hashlib.sha256(forged.encode()).digest())
    assert why(follow(links)) == (3, 103, "it does not follow the event before it")


def test_a_cut_end_shows_only_beside_a_head_that_was_noted() -> None:
    links = chain_of("opened", "sent", "closed")
    noted = follow(links).head
    assert follow(links[:2]).broken is None
    assert why(follow(links[:2], noted)) == (3, None, "the chain ends here, and 3 events were noted before")


def test_a_chain_that_has_grown_still_has_its_noted_head() -> None:
    noted = follow(chain_of("opened", "sent")).head
    assert follow(chain_of("opened", "sent", "closed"), noted).broken is None


def test_a_chain_that_was_written_anew_is_not_the_one_that_was_noted() -> None:
    noted = follow(chain_of("opened", "sent")).head
    anew = chain_of("opened", "not sent", "closed")
    assert why(follow(anew, noted)) == (2, 102, "it is not the event that was noted here before")


@given(st.lists(st.text(max_size=5), min_size=1, max_size=6), st.data())
def test_no_chain_survives_the_loss_of_a_link_but_at_its_end(texts: list[str], data: st.DataObject) -> None:
    links = chain_of(*texts)
    noted = follow(links).head
    gone = data.draw(st.integers(0, len(links) - 1))
    found = follow(links[:gone] + links[gone + 1 :], noted)
    assert found.broken is not None
    assert found.broken.position == gone + 1


def test_heads_are_read_as_they_were_written() -> None:
    heads = {"partnership": follow(chain_of("a")).head, "school-12": Head(0, "-")}
    assert read_heads(write_heads(heads), source="heads.txt") == heads
    assert digest_of_heads(heads) == digest_of_heads(dict(reversed(heads.items())))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "partnership 1 -\n",
        "everyfamily audit heads 1\npartnership one -\n",
        "everyfamily audit heads 1\nschool-1 1 -\nschool-1 1 -\n",
        "everyfamily audit heads 2\n",
    ],
)
def test_a_file_that_is_not_of_heads_is_refused(text: str) -> None:
    with pytest.raises(HeadsNotReadable):
        read_heads(text, source="heads.txt")
