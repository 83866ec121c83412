"""How much each address of the product takes."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from waitress.adjustments import Adjustments

from everyfamily.config.serving import LARGER, SERVING, ProductRequest
from everyfamily.core.session_ends import IDLE
from everyfamily.staff import known_sessions

_COOKIE = "Cookie: __Host-everyfamily=abc\r\n"


@pytest.fixture(autouse=True)
def _signed_in() -> Iterator[None]:
    """Somebody with that cookie was served before."""
    known_sessions.note("abc")
    for urn in (900001, 900002, 900003, 900004, 900005, 900006):
        known_sessions.note_uploader("abc", urn, urn - 900000)
    yield
    known_sessions._known.clear()


def _asked(path: str, size: int, more: str = "") -> ProductRequest:
    """The request once its headers are read."""
    parser = ProductRequest(Adjustments(max_request_body_size=SERVING["max_request_body_size"]))
    parser.received(f"POST {path} HTTP/1.1\r\n{more}Content-Length: {size}\r\n\r\n".encode())
    return parser


@pytest.mark.parametrize(
    ("path", "size", "more", "taken"),
    [
        ("/check/", 10_000_000, _COOKIE, True),
        ("/check/", 11_000_000, _COOKIE, False),
        ("/check/", 10_000_000, "", False),
        ("/check/", 99_999, "", True),
        ("/check/rules/", 200_000, _COOKIE, False),
        ("/return/some-token/", 200_000, _COOKIE, False),
        ("/return/some-token/", 99_999, "", True),
        ("/check/?next=/return/", 10_000_000, _COOKIE, True),
        ("/schools/900001/roll/", 67_000_000, _COOKIE, True),
        ("/schools/900001/roll/", 68_000_000, _COOKIE, False),
        ("/schools/900001/roll/", 67_000_000, "", False),
        ("/schools/900001/roll/file/columns/", 200_000, _COOKIE, False),
        ("/schools/900001/", 200_000, _COOKIE, False),
    ],
)
def test_only_what_comes_from_somebody_who_says_they_are_signed_in_may_be_large(
    path: str, size: int, more: str, *, taken: bool
) -> None:
    assert (_asked(path, size, more).error is None) is taken


def test_a_body_without_a_length_is_stopped_at_the_same_size() -> None:
    parser = ProductRequest(Adjustments(max_request_body_size=SERVING["max_request_body_size"]))
    parser.received(b"POST /sign-in/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunk = b"1000\r\n" + b"x" * 0x1000 + b"\r\n"
    for _ in range(40):
        if not parser.completed:
            parser.received(chunk)
    assert parser.error is not None
    assert b"larger than this page takes" in parser.error.to_response()[2]


def test_no_more_letters_are_in_memory_at_once_than_there_is_room_for() -> None:
    kept = [_asked("/check/", 5_000_000, _COOKIE) for _ in range(20)]
    assert all(one.error is None for one in kept)
    refused = _asked("/check/", 5_000_000, _COOKIE)
    assert b"Try again in a minute" in refused.error.to_response()[2]
    del kept[0]
    assert _asked("/check/", 5_000_000, _COOKIE).error is None


def _roll(urn: int, size: int = 60_000_000, cookie: str = _COOKIE) -> ProductRequest:
    return _asked(f"/schools/{urn}/roll/", size, cookie)


def _said(request: ProductRequest) -> bytes:
    return request.error.to_response()[2] if request.error else b""


def test_each_school_has_one_place_for_its_roll_and_somebody_who_only_looks_takes_none() -> None:
    looked = ProductRequest(Adjustments(max_request_body_size=SERVING["max_request_body_size"]))
    looked.received(f"GET /schools/900001/roll/ HTTP/1.1\r\n{_COOKIE}\r\n".encode())
    kept = [_roll(900001)]
    assert kept[0].error is None
    assert b"your school is uploading another file" in _said(_roll(900001))
    kept += [_roll(urn) for urn in (900002, 900003, 900004)]
    assert not any(map(_said, kept)), "other schools do not wait for it"
    assert _asked("/check/", 5_000_000, _COOKIE).error is None
    del kept[0]
    assert _said(_roll(900001)) == b""


def test_rolls_of_many_schools_come_at_once_as_long_as_they_fit_into_memory() -> None:
    for urn in range(900010, 900200):
        known_sessions.note_uploader("abc", urn, urn)
    kept = [_roll(urn, 1_200_000) for urn in range(900010, 900200)]
    assert not any(map(_said, kept)), "190 schools on one morning"
    assert b"other schools are uploading" in _said(_roll(900001))
    assert _said(_roll(900001, 150_000)) == b""


def test_somebody_who_may_not_upload_there_holds_no_place() -> None:
    strange = "Cookie: a=b; __Host-everyfamily=made-up\r\n"
    known_sessions.note("of-a-dpo")
    officer = "Cookie: __Host-everyfamily=of-a-dpo\r\n"
    for cookie in (strange, officer):
        assert b"open the page again" in _said(_roll(900001, cookie=cookie))
    # Nor does a lead of one school at another.
    known_sessions.note_uploader("of-a-dpo", 900007, 7)
    known_sessions.note_uploader("made-up", 900001, 1)
    assert b"open the page again" in _said(_roll(900001, cookie=officer))
    assert b"open the page again" in _said(_roll(900001, cookie=strange)), "nobody signed in was served with it"
    assert _said(_roll(900001)) == b"", "the office's place is free"


def test_two_addresses_of_one_school_are_one_place() -> None:
    known_sessions.note_uploader("abc", 100001, 1)
    kept = _roll(100001)
    assert _said(kept) == b""
    assert b"your school" in _said(_roll(900001))


def test_what_was_seen_half_an_hour_ago_gives_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    later = time.monotonic() + IDLE + 1
    monkeypatch.setattr("everyfamily.staff.known_sessions.time.monotonic", lambda: later)
    known_sessions.note("abc")
    assert b"open the page again" in _said(_roll(900001))
    known_sessions.note_uploader("abc", 900001, 1)
    assert _said(_roll(900001)) == b""


def test_whoever_only_sends_a_cookie_of_our_name_cannot_hold_every_place_of_recordings() -> None:
    strange = "Cookie: a=b; __Host-everyfamily=made-up\r\n"
    first = _asked("/site/recordings/a/en/", 5_000_000, strange)
    assert first.error is None, "after a new start of the server nobody is known yet"
    assert b"in a minute" in _said(_asked("/site/recordings/b/en/", 5_000_000, strange))
    assert _asked("/site/recordings/b/en/", 5_000_000, _COOKIE).error is None


def test_only_the_newest_sessions_are_remembered() -> None:
    for number in range(known_sessions._MOST):
        known_sessions.note(str(number))
    assert not known_sessions.is_known("abc")
    assert known_sessions.is_known("0")
    known_sessions.note("0")
    known_sessions.note("one more")
    assert known_sessions.is_known("0")
    assert not known_sessions.is_known("1")


def test_a_roll_has_a_minute_to_arrive_and_a_letter_has_not() -> None:
    roll = _asked("/schools/900001/roll/", 5_000_000, _COOKIE)
    assert roll.take_more_seconds() + SERVING["channel_timeout"] == 60
    assert roll.take_more_seconds() == 0, "said once, however many pieces come"
    assert _asked("/check/", 5_000_000, _COOKIE).take_more_seconds() == 0


def test_the_largest_letter_roll_and_recording_fit_with_their_forms() -> None:
    from everyfamily.core.rolls.model.limits import FILE_BYTES
    from everyfamily.parentsite.recordings import MOST_BYTES as SOUND_BYTES
    from everyfamily.staff.check.asked import MOST_BYTES

    most = {one.path.pattern: one.most for one in LARGER}
    assert most["/check/"] > MOST_BYTES + SERVING["max_request_body_size"]
    assert most["/schools/[0-9]{1,9}/roll/"] > FILE_BYTES + 50_000
    assert most["/site/recordings/[^/]+/[^/]+/"] > SOUND_BYTES + SERVING["max_request_body_size"]
    assert not _asked("/site/recordings/ES-2703-K7R4/en/", 3_000_000, _COOKIE).error
    assert _asked("/site/recordings/ES-2703-K7R4/en/sound/", 3_000_000, _COOKIE).error
