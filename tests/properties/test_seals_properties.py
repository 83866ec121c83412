"""One changed byte of the letter, of its findings or of an approval breaks the seal."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.core.agreement.approvals import Approval, approve, good_approvals
from everyfamily.core.agreement.seals import Record, Seal, canonical, digest_of, problems, required_signatories
from tests.factories.city import sealed_letter
from tests.factories.records import KEYS, SEALED_AT, sealed, small_record

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
type Path = tuple[str | int, ...]


def paths(value: Any, here: Path = ()) -> Iterator[Path]:
    """Where every leaf of a JSON value is, and every empty list and object."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from paths(inner, (*here, name))
    elif isinstance(value, list) and value:
        for at, inner in enumerate(value):
            yield from paths(inner, (*here, at))
    else:
        yield here


def at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def other(leaf: Any) -> Any:
    """The smallest change of a leaf."""
    if isinstance(leaf, bool) or leaf is None:
        return not leaf
    if isinstance(leaf, int):
        return leaf + 1
    if isinstance(leaf, str):
        return leaf[:-1] + chr(ord(leaf[-1]) ^ 1) if leaf else " "
    return [*leaf, None] if isinstance(leaf, list) else {"": None}


def breaks_everywhere(seal: Seal, *, step: int = 1) -> int:
    """Change each leaf in turn, or each of so many; every change must be told. Returns how many there were."""
    record: dict[str, Any] = copy.deepcopy(dict(seal.record))
    changed = 0
    for path in list(paths(record))[::step]:
        *front, last = path
        place = at(record, tuple(front))
        was = place[last]
        place[last] = other(was)
        assert "The record was changed after it was approved." in problems(replace(seal, record=record)), path
        place[last] = was
        changed += 1
    assert problems(replace(seal, record=record)) == []
    return changed


@pytest.mark.slow
@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.nightly)])
def test_any_changed_leaf_of_the_demos_letter_breaks_its_seal(step: int) -> None:
    seal, _, _ = sealed_letter()
    assert breaks_everywhere(seal, step=step) > 900 / step


@pytest.mark.slow
def test_any_changed_leaf_of_a_small_letter_breaks_its_seal() -> None:
    assert breaks_everywhere(sealed()) > 100


@given(st.data())
@settings(max_examples=25)
def test_a_part_left_out_added_or_moved_breaks_the_seal(data: st.DataObject) -> None:
    record = copy.deepcopy(small_record())
    path = data.draw(st.sampled_from([path for path in paths(record) if len(path) > 1]))
    place = at(record, path[: data.draw(st.integers(1, len(path) - 1))])
    how = data.draw(st.sampled_from(["left out", "added", "moved"]))
    if how == "left out":
        place.pop(next(iter(place)) if isinstance(place, dict) else -1)
    elif how == "added" and isinstance(place, dict):
        place["more"] = None
    elif isinstance(place, list):
        if how == "moved" and place[0] != place[-1]:
            place[0], place[-1] = place[-1], place[0]
        else:
            place.append(place[0])
    else:
        first, last = next(iter(place)), list(place)[-1]
        place[first], place[last] = place[last], place[first]
    if record != small_record():
        assert problems(replace(sealed(), record=record))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["signature", "sealing_key"])
def test_any_changed_bit_of_the_seals_signature_or_key_breaks_it(name: str) -> None:
    raw = base64.b64decode(getattr(sealed(), name))
    for bit in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        text = base64.b64encode(flipped).decode()
        assert problems(replace(sealed(), **{name: text})) == ["The partnership's signature does not fit."]


@pytest.mark.slow
def test_any_changed_bit_of_an_approvals_signature_breaks_the_seal() -> None:
    first, *rest = sealed().approvals
    raw = base64.b64decode(first.signature)
    for bit in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        forged = replace(first, signature=base64.b64encode(flipped).decode())
        assert len(problems(replace(sealed(), approvals=(forged, *rest)))) == 2


def _texts() -> list[tuple[Path, int]]:
    data = json.loads(sealed().to_json())
    del data["record"]
    return [(path, letter) for path in paths(data) for letter in range(len(at(data, path)))]


@given(st.sampled_from(_texts()), st.characters(codec="ascii"))
@settings(max_examples=60)
def test_any_changed_letter_of_the_published_file_beside_the_record_is_told(
    place: tuple[Path, int], letter: str
) -> None:
    data = json.loads(sealed().to_json())
    (*front, last), index = place
    text = at(data, tuple(front))[last]
    at(data, tuple(front))[last] = text[:index] + letter + text[index + 1 :]
    if text[index] == letter:
        return
    if last == "format":
        with pytest.raises(Exception, match="not a seal in the format"):
            Seal.from_json(json.dumps(data))
    else:
        assert problems(Seal.from_json(json.dumps(data)))


def _signed(record: Record, who: str, digest: str) -> Approval:
    return approve(reference=record["reference"], digest=digest, signatory=who, key=KEYS[who], now=SEALED_AT)


@given(st.lists(st.tuples(st.sampled_from(sorted(KEYS)), st.integers(0, 255)), max_size=6))
@settings(max_examples=40)
def test_approvals_of_another_digest_never_count(given_to: list[tuple[str, int]]) -> None:
    record = small_record()
    digest = digest_of(record)
    approvals = [_signed(record, who, digest[:-2] + f"{end:02x}") for who, end in given_to]
    counted = good_approvals(digest, approvals, required_signatories(record))
    assert set(counted) == {who for who, end in given_to if f"{end:02x}" == digest[-2:]}
    assert all(approval.digest == digest for approval in counted.values())


@given(st.sampled_from(sorted(KEYS)), st.sampled_from(sorted(asdict(sealed().approvals[0]))), st.text(max_size=5))
@settings(max_examples=40)
def test_a_changed_approval_is_never_counted(who: str, name: str, text: str) -> None:
    record = small_record()
    digest = digest_of(record)
    genuine = _signed(record, who, digest)
    forged = replace(genuine, **{name: getattr(genuine, name) + (text or "x")})
    seal = sealed()
    others = [approval for approval in seal.approvals if approval.signatory != who]
    assert problems(replace(seal, approvals=(forged, *others)))


@given(JSON, JSON)
@settings(max_examples=40)
def test_two_values_have_one_digest_only_if_they_are_equal_json(one: Any, two: Any) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(two, sort_keys=True)
    assert (canonical(one) == canonical(two)) == same
    assert json.loads(canonical(one)) == one


@given(st.dictionaries(st.text(max_size=4), JSON, max_size=4))
@settings(max_examples=20)
def test_the_digest_does_not_depend_on_the_order_of_names(record: dict[str, Any]) -> None:
    assert digest_of(record) == digest_of(dict(reversed(record.items())))
