"""Reads: the settings in force, their history, and what is proposed. The one place that says which settings count."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import BigIntegerField, Value

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.partnership.versions import PartnershipFiles, files_at, partnership_of
from everyfamily.partnership.models import Proposal, Version


@dataclass(frozen=True, slots=True)
class InForce:
    """The settings that count: the newest version, or the file that EVERYFAMILY_PARTNERSHIP names."""

    files: PartnershipFiles
    partnership: Partnership
    version: int | None
    """None if no version is stored, and they are the file's."""


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """One version in the history."""

    id: int
    previous: int | None
    digest: str
    at: datetime
    by: str
    asked_by: str
    """Empty if nobody else asked for it."""


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """Settings that somebody asked for."""

    id: int
    base: int | None
    files: PartnershipFiles
    needs_second: bool
    asked_at: datetime
    asked_by: str
    asked_account: int | None
    is_open: bool
    is_overtaken: bool
    """Other settings came into force meanwhile."""


_FACTS = ("id", "previous_id", "digest", "at", "by", "asked_by")


def in_force() -> InForce | None:
    """The settings that count, or None if there are none. Raises what `load_partnership` raises.

    The newest version, wherever one is stored; otherwise the file that EVERYFAMILY_PARTNERSHIP names.
    """
    return _in_force(Version.objects.order_by("-id").values_list("id", "digest").first())


def _in_force(newest: tuple[int, str] | None) -> InForce | None:
    if newest is not None:
        return InForce(*_stored(*newest), newest[0])
    if not settings.EVERYFAMILY_PARTNERSHIP:
        return None
    file = Path(settings.EVERYFAMILY_PARTNERSHIP)
    return InForce(*_at(file, file.stat().st_mtime_ns if file.exists() else 0), None)


def files_in_force() -> PartnershipFiles | None:
    """What is in force as it is kept, also if this program can read it no more.

    None if no version is stored and the file that EVERYFAMILY_PARTNERSHIP names cannot be used.
    """
    newest = newest_version()
    if newest is not None:
        return version_files(newest)
    with suppress(EveryfamilyError):
        found = in_force()
        return found.files if found is not None else None
    return None


def newest_version() -> int | None:
    """The id of the newest version."""
    return Version.objects.order_by("-id").values_list("id", flat=True).first()


def versions(limit: int = 50, *, before: int | None = None) -> list[VersionFacts]:
    """The history, newest first: at most `limit`, older than the version `before`."""
    found = Version.objects.order_by("-id")
    if before is not None:
        found = found.filter(pk__lt=before)
    return [VersionFacts(*row) for row in found.values_list(*_FACTS)[:limit]]


def version_by_id(version_id: int) -> VersionFacts | None:
    """One version in the history, or None if there is none."""
    row = Version.objects.filter(pk=version_id).values_list(*_FACTS).first()
    return None if row is None else VersionFacts(*row)


def version_files(version_id: int) -> PartnershipFiles | None:
    """The file and drawings of a version, or None if there is no such version."""
    row = Version.objects.filter(pk=version_id).first()
    return None if row is None else files_of(row)


def open_proposal() -> ProposalFacts | None:
    """What waits to be put in force, the newest first."""
    row = Proposal.objects.filter(ended_at=None).order_by("-id").first()
    return None if row is None else _facts(row)


@dataclass(frozen=True, slots=True)
class ProposalInBrief:
    """Who asked for a change of who signs, and when."""

    id: int
    asked_by: str
    asked_account: int | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class SettingsInBrief:
    """What a home page asks of the settings."""

    partnership: Partnership | None
    """None without settings, or if those that count cannot be read."""
    waits: ProposalInBrief | None
    """A change of who signs that waits for a second person, if other settings have not come into force meanwhile."""


def settings_in_brief() -> SettingsInBrief:
    """All of it in one read, because each page has few."""
    none, version, proposal = Value(None, output_field=BigIntegerField()), Value("version"), Value("proposal")
    newest = Version.objects.order_by("-id").values_list(version, "id", "digest", none, "at", none)[:1]
    asked = Proposal.objects.filter(ended_at=None, needs_second=True).order_by("-id")
    columns = ("id", "asked_by", "asked_account", "asked_at", "base_id")
    rows = {row[0]: row[1:] for row in newest.union(asked.values_list(proposal, *columns)[:1], all=True)}
    stored, change = rows.get("version"), rows.get("proposal")
    partnership = None
    with suppress(EveryfamilyError, OSError):
        found = _in_force(stored[:2] if stored is not None else None)
        partnership = found.partnership if found is not None else None
    is_open = change is not None and change[4] == (stored[0] if stored is not None else None)
    return SettingsInBrief(partnership, ProposalInBrief(*change[:4]) if change is not None and is_open else None)


def proposal_by_id(proposal_id: int) -> ProposalFacts | None:
    """One proposal, open or not, or None if there is none."""
    row = Proposal.objects.filter(pk=proposal_id).first()
    return None if row is None else _facts(row)


def _facts(row: Proposal) -> ProposalFacts:
    return ProposalFacts(
        row.pk,
        row.base_id,
        files_of(row),
        row.needs_second,
        row.asked_at,
        row.asked_by,
        row.asked_account,
        row.ended_at is None,
        row.base_id != newest_version(),
    )


def files_of(row: Version | Proposal) -> PartnershipFiles:
    """The file and drawings that a row keeps."""
    return PartnershipFiles(row.file, row.text, tuple((name, svg) for name, svg in row.drawings))


@lru_cache(maxsize=4)
def _stored(version_id: int, digest: str) -> tuple[PartnershipFiles, Partnership]:
    """A version by its content: what it holds never changes."""
    files = files_of(Version.objects.get(pk=version_id, digest=digest))
    return files, partnership_of(files)


@lru_cache(maxsize=4)
def _at(file: Path, changed: int) -> tuple[PartnershipFiles, Partnership]:
    """The file as it was last changed, in nanoseconds."""
    return files_at(file)
