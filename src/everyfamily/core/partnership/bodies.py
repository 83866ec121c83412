"""Who writes a letter: the bodies, who signs for them, what their managers promised, and who answers questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from everyfamily.core.keys.approval_keys import ApprovalKey


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation that writes: its name as two lines for the mark, its postal address, its logo (SVG)."""

    id: str
    kind: Literal["council", "police", "health", "other"]
    name: str
    name_lines: tuple[str, ...]
    logo_svg: str
    address: tuple[str, ...] = ()
    their_reference: str | None = None
    mail_domains: tuple[str, ...] = ()
    """Where its people have their addresses, in small letters, and IDN as people read it. None: nobody has said."""


@dataclass(frozen=True, slots=True)
class Signatory:
    """A person who signs for a body, with any one of their keys. They have none until one is set."""

    id: str
    body: str
    name: str
    title: str
    organisation: str
    signature_svg: str
    keys: tuple[ApprovalKey, ...] = ()
    line: int = 1


@dataclass(frozen=True, slots=True)
class Promise:
    """A sentence that only local managers can make true, and who agreed to it and when."""

    id: str
    agreed_by: str
    agreed_on: date
    line: int = 1


@dataclass(frozen=True, slots=True)
class Enquiries:
    """The role (never a person) that answers questions about the letter."""

    role: str
    number: str
    hours: str
    mailbox: str
