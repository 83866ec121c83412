"""A folder for a print house or a school's own copier: bundles of letters, each with a manifest.

A bundle counts when its manifest is next to it. Everything is written under other names and renamed, the manifest
before what is made from manifests, so that after a crash the folder itself can say what went out. Post: PDFs of up to
100 addressed letters (addressed.py). Pupil post: piles for classes (hand_out.py).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from everyfamily.channels.base import Body, Carrier, Covers, Message, Submission
from everyfamily.channels.errors import AddressDoesNotFit, CarrierBroken, FeatureNotSupported
from everyfamily.channels.events import DeliveryEvent
from everyfamily.channels.kept_files import make_closed_folder
from everyfamily.channels.post import addressed, hand_out
from everyfamily.channels.post.manifests import LISTS, Index
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import AttemptStatus, Channel

BUNDLE = 100


class PrintFolder(Carrier):
    """Post and pupil post as files. It says that the folder accepted a letter, never that anyone has it."""

    name: ClassVar[str] = "print folder"
    channels: ClassVar[frozenset[Channel]] = frozenset({Channel.POST, Channel.PUPIL_POST})
    has_receipts: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        make_closed_folder(folder)
        self._index = Index(folder)

    def batch_of(self, channel: Channel) -> int:
        return BUNDLE

    def answers_for(self, channel: Channel) -> bool:
        return True

    def submit(self, messages: Sequence[Message], now: datetime) -> list[Submission]:
        try:
            if messages[0].channel is Channel.POST:
                fitting, pdf = _bundle(messages)
                if fitting:
                    addressed.print_bundle(self._folder, fitting, pdf)
            else:
                fitting = list(messages)
                self._add_to_piles(fitting, now)
        except OSError as problem:
            raise _cannot_be_written(problem) from None
        printed = {message.reference for message in fitting}
        return [_submission(message, message.reference in printed) for message in messages]

    def _add_to_piles(self, messages: Sequence[Message], now: datetime) -> None:
        body = messages[0].body
        hand_out.add_to_piles(self._folder, messages, _covers_of(body), lambda: _printed(body, [()]), now)

    def ask(self, reference: str, now: datetime) -> DeliveryEvent | None:
        """Whether a manifest names it. Raises CarrierBroken if the folder cannot be read, because that is not a
        "never"."""
        try:
            manifest = self._index.find(reference)
            if manifest is not None and manifest.parent.name != LISTS:
                addressed.derive(manifest.parent)
        except OSError as problem:
            raise _cannot_be_written(problem) from None
        if manifest is None:
            return None
        return DeliveryEvent(reference, AttemptStatus.ACCEPTED, now, "its bundle is in the print folder")


def _cannot_be_written(problem: OSError) -> CarrierBroken:
    return CarrierBroken(
        f"The print folder cannot be read or written ({os.strerror(problem.errno or 0)}).",
        "Make room, or restore its place or rights. A bundle without a manifest does not count.",
    )


def _submission(message: Message, printed: bool) -> Submission:
    if printed:
        return Submission(message.reference, AttemptStatus.ACCEPTED)
    return Submission(message.reference, AttemptStatus.PERMANENT_FAILURE, "the address does not fit the window")


def _bundle(messages: Sequence[Message]) -> tuple[list[Message], bytes]:
    """Print those whose addresses fit the window, so that one long address does not hold a hundred letters back."""
    fitting = list(messages)
    while fitting:
        try:
            return fitting, _printed(fitting[0].body, [message.address for message in fitting])
        except AddressDoesNotFit as problem:
            del fitting[problem.index]
    return [], b""


def _printed(body: Body, addresses: Sequence[tuple[str, ...]]) -> bytes:
    press = body.press
    if press is None:
        raise FeatureNotSupported(f"The body {body.key} cannot be printed.", "Give paper a body with a press.")
    return _run(lambda: press(addresses))


def _covers_of(body: Body) -> Covers:
    covers = body.covers
    if covers is None:
        raise FeatureNotSupported(f"The body {body.key} has no cover sheet.", "Give pupil post a body with one.")
    return lambda piles: _run(lambda: covers(piles))


def _run(press: Callable[[], bytes]) -> bytes:
    """Run the press. Any other error in it is not about one family, and nothing was printed."""
    try:
        return press()
    except AddressDoesNotFit:
        raise
    except EveryfamilyError as problem:
        what = problem.fact
    except Exception as problem:
        # The message may quote an address. The class name does not.
        what = f"The press failed ({type(problem).__name__})."
    raise CarrierBroken(what, "Print the letter by hand to see why. The mailing pauses until a person has.")
