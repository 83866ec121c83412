"""A folder for a print house or a school's own copier: bundles of letters, each with a manifest.

A bundle counts when its manifest stands beside it: both are written under another name and renamed, the
manifest last, so that after a crash the folder itself answers what went out. Post: one PDF of up to 100 addressed
letters, each on a fresh sheet. Pupil post: one PDF for the school and a hand-out list for each class.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from everyfamily.channels.base import Body, Carrier, Message, Submission
from everyfamily.channels.errors import AddressDoesNotFit, CarrierBroken, FeatureNotSupported
from everyfamily.channels.events import DeliveryEvent
from everyfamily.channels.kept_files import make_closed_folder
from everyfamily.core.csv_safe import cell
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.fallback import AttemptStatus, Channel

BUNDLE = 100
MANIFEST = ("position", "reference", "group", "pupil_id", "file", "sha256")


class PrintFolder(Carrier):
    """Post and pupil post as files. It says that the folder took a letter in, never that anyone has it."""

    name: ClassVar[str] = "print folder"
    channels: ClassVar[frozenset[Channel]] = frozenset({Channel.POST, Channel.PUPIL_POST})
    has_receipts: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        make_closed_folder(folder)

    def batch_of(self, channel: Channel) -> int:
        return BUNDLE

    def answers_for(self, channel: Channel) -> bool:
        return True

    def submit(self, messages: Sequence[Message], now: datetime) -> list[Submission]:
        try:
            return self._print(messages)
        except OSError as problem:
            number = problem.errno
        raise CarrierBroken(
            f"The print folder cannot be written to ({os.strerror(number or 0)}).",
            "Make room or give it back its rights; a bundle without a manifest does not count.",
        )

    def _print(self, messages: Sequence[Message]) -> list[Submission]:
        first = messages[0]
        place = self._folder / first.channel.value.replace(" ", "-") / first.body.key.replace(" ", "_")
        # One by one: `parents=True` gives the folders between the mode of the umask.
        place.parent.mkdir(mode=0o700, exist_ok=True)
        place.mkdir(mode=0o700, exist_ok=True)
        if first.channel is Channel.POST:
            fitting, pdf = _bundle(messages)
            file, name = place / f"bundle-{first.reference}.pdf", f"bundle-{first.reference}"
            if fitting:
                _write(file, pdf)
        else:
            fitting, pdf = list(messages), self._one_copy(place, first.body)
            file, name = place / "letter.pdf", f"hand-out-{first.reference}"
        if fitting:
            _write(place / f"{name}.csv", _manifest(fitting, file.name, pdf))
        printed = {message.reference for message in fitting}
        return [_submission(message, message.reference in printed) for message in messages]

    def ask(self, reference: str, now: datetime) -> DeliveryEvent | None:
        for manifest in self._folder.glob("*/*/*.csv"):
            if f",{reference}," in manifest.read_text(encoding="utf-8"):
                return DeliveryEvent(reference, AttemptStatus.ACCEPTED, now, "its bundle is in the print folder")
        return None

    def _one_copy(self, place: Path, body: Body) -> bytes:
        """The school's letter without an address: printed once, copied for each child."""
        file = place / "letter.pdf"
        if not file.exists():
            _write(file, _printed(body, [()]))
        return file.read_bytes()


def _submission(message: Message, printed: bool) -> Submission:
    if printed:
        return Submission(message.reference, AttemptStatus.ACCEPTED)
    return Submission(message.reference, AttemptStatus.PERMANENT_FAILURE, "the address does not fit the window")


def _bundle(messages: Sequence[Message]) -> tuple[list[Message], bytes]:
    """Print those whose addresses fit the window: one long address does not keep a hundred letters back."""
    fitting = list(messages)
    while fitting:
        try:
            return fitting, _printed(fitting[0].body, [message.address for message in fitting])
        except AddressDoesNotFit as problem:
            del fitting[problem.index]
    return [], b""


def _printed(body: Body, addresses: Sequence[tuple[str, ...]]) -> bytes:
    """Run the press. Whatever else goes wrong in it is not about one family, and nothing was printed."""
    if body.press is None:
        raise FeatureNotSupported(f"The body {body.key} cannot be printed.", "Give paper a body with a press.")
    try:
        return body.press(addresses)
    except AddressDoesNotFit:
        raise
    except EveryfamilyError as problem:
        what = problem.fact
    except Exception as problem:
        # Its words may quote an address; its name does not.
        what = f"The press failed ({type(problem).__name__})."
    raise CarrierBroken(what, "Print the letter by hand to see why; the mailing pauses until a person has.")


def _manifest(messages: Sequence[Message], file: str, pdf: bytes) -> bytes:
    digest = hashlib.sha256(pdf).hexdigest()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(MANIFEST)
    for position, message in enumerate(messages, start=1):
        writer.writerow((position, message.reference, cell(message.group), cell(message.to), file, digest))
    return text.getvalue().encode()


def _write(path: Path, data: bytes) -> None:
    """All of it or nothing: written beside, made durable, renamed.

    The name beside is this process's own: two workers may print the same school's copy at once.
    """
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)
    # The name too, so that no manifest outlives its letters when the power goes.
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
