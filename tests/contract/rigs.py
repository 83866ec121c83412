"""Each carrier with what a test needs to see: what it was given, and what its other side holds."""

from __future__ import annotations

import csv
import io
import json
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf

from everyfamily.channels.base import Body, Carrier, ClassPile, Message
from everyfamily.channels.email.anymail_mail import AnymailMail
from everyfamily.channels.email.django_mail import DjangoMail
from everyfamily.channels.errors import AddressDoesNotFit
from everyfamily.channels.post.print_folder import PrintFolder
from everyfamily.core.sending.fallback import Channel
from everyfamily_demo.recording import RecordingChannel
from tests.contract.mail_server import MailServer
from tests.contract.provider_server import Provider, settings_of

NOW = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
SENDER = "letters@eastmere.example"
SECRETS = ("example.com", "Lantern Row", "+447700900", "adult-", "Amina Testing")
"""Parts of every contact value of a test; no exception may hold one."""


def press(addresses: Sequence[tuple[str, ...]]) -> bytes:
    """Stands for the press: two pages a letter, and the addresses as the PDF's subject (`printed_in`).

    A line over 40 letters does not fit the window.
    """
    for index, lines in enumerate(addresses):
        if any(len(line) > 40 for line in lines):
            raise AddressDoesNotFit(index)
    return _pdf([list(lines) for lines in addresses], pages=2 * len(addresses))


def covers(piles: Sequence[ClassPile]) -> bytes:
    """Stands for the printer of cover sheets: one page and one blank a class, each with its bookmark."""
    return _pdf([pile.group for pile in piles], pages=2 * len(piles), bookmarks=[pile.group for pile in piles])


def _pdf(said: object, *, pages: int, bookmarks: Sequence[str] = ()) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595, 842))
        with pdf.open_outline() as outline:
            outline.root.extend(pikepdf.OutlineItem(name, 2 * at) for at, name in enumerate(bookmarks))
        pdf.docinfo["/Subject"] = json.dumps(said)
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def printed_in(pdf: bytes) -> Any:
    """What `press` or `covers` was given for this PDF."""
    with pikepdf.open(io.BytesIO(pdf)) as found:
        return json.loads(str(found.docinfo["/Subject"]))


BODY = Body(
    key="ES-2703-K7R4 en 900003",
    language="en",
    sender_name="Eastmere Safeguarding · Cyngor Môr",
    reply_to="replies@eastmere.example",
    subject="A letter about keeping children safe — from Harbour School",
    text="Dear parent or carer,\n\n.A line that begins with a dot.\n..Two.\nIt isn’t your child’s fault.\n"
    + "x" * 300,
    html='<html lang="en"><body><p>It isn’t your child’s fault.</p>\n.\n<p>يتيم</p></body></html>\n',
    press=press,
    school_key="ES-2703-K7R4 900003",
    covers=covers,
)


def message(channel: Channel, number: int, *, body: Body = BODY, calls: int = 0, to: str = "") -> Message:
    """A message to the invented adult of that number."""
    reference = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{channel} {number}"))
    if channel is Channel.POST:
        address = ("Amina Testing", f"{number} Lantern Row", "Eastmere", "EM4 7QX")
        return Message(channel, reference, body, address=address, calls=calls)
    if channel is Channel.PUPIL_POST:
        return Message(channel, reference, body, to=f"adult-{number}", group="4B", calls=calls)
    value = f"adult-{number}@example.com" if channel is Channel.EMAIL else f"+447700900{number:03}"
    return Message(channel, reference, body, to=to or value, calls=calls)


def rows_of(manifest: Path) -> list[dict[str, str]]:
    """The rows of a manifest."""
    return list(csv.DictReader(manifest.read_text(encoding="utf-8").splitlines()))


class Rig(ABC):
    """A carrier and its other side. `channel` is the one under test."""

    carrier: Carrier
    channel: Channel

    def message(self, number: int, **changed: Any) -> Message:
        return message(self.channel, number, **changed)

    @abstractmethod
    def taken(self) -> list[tuple[str, str]]:
        """Reference and contact value of every message that the other side holds, in order."""

    def close(self) -> None:
        self.carrier.close()


class RecordingRig(Rig):
    """The outbox folder."""

    def __init__(self, folder: Path, channel: Channel, *, paper: bool = False) -> None:
        self.channel = channel
        self.outbox = folder / "outbox"
        self.carrier = RecordingChannel(
            self.outbox, seed=7, paper=PrintFolder(folder / "print") if paper else None
        )

    def taken(self) -> list[tuple[str, str]]:
        return [
            (row["reference"], row["to"] or "\n".join(row["address"]))
            for path in sorted(self.outbox.glob("*.jsonl"))
            for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        ]


class SmtpRig(Rig):
    """A mail server in this process."""

    channel = Channel.EMAIL

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self.carrier = DjangoMail(sender=SENDER)

    def taken(self) -> list[tuple[str, str]]:
        return [
            (str(one.mail["Message-ID"]).strip("<>").partition("@")[0], one.to)
            for one in self.server.script.taken
        ]

    def close(self) -> None:
        super().close()
        self.server.stop()


class ProviderRig(Rig):
    """A provider of email in this process, behind django-anymail. `use` makes anymail's settings of a dict."""

    channel = Channel.EMAIL

    def __init__(self, use: Callable[[dict[str, Any]], None]) -> None:
        self.provider = Provider().start()
        self._use = use
        self.carrier = self.another()

    def another(self, **settings: Any) -> AnymailMail:
        """A carrier with other settings."""
        self._use(settings_of(self.provider, **settings))
        return AnymailMail(sender=SENDER)

    def taken(self) -> list[tuple[str, str]]:
        return [(one["Metadata"]["reference"], one["To"]) for one in self.provider.taken]

    def close(self) -> None:
        super().close()
        self.provider.stop()


class PrintRig(Rig):
    """The print folder: only what a manifest names counts."""

    def __init__(self, folder: Path, channel: Channel) -> None:
        self.channel = channel
        self.folder = folder / "print"
        self.carrier = PrintFolder(self.folder)

    def taken(self) -> list[tuple[str, str]]:
        found = []
        for manifest in manifests(self.folder):
            rows = rows_of(manifest)
            for index, row in enumerate(rows):
                if "pupil_id" in row:
                    found.append((row["reference"], row["pupil_id"]))
                else:
                    printed = printed_in((manifest.parent / row["file"]).read_bytes())
                    found.append((row["reference"], "\n".join(printed[index])))
        return found


def manifests(folder: Path) -> list[Path]:
    """Every manifest of a print folder."""
    return sorted([*folder.glob("post/*/*/bundle-*.csv"), *folder.glob("pupil-post/*/lists/*.csv")])
