"""What the parent site is made from: the letters in the database, the settings in force, and the checks of routes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from everyfamily.core.agreement.seals import Seal
from everyfamily.core.agreement.signatory_keys import SignatoryKeys
from everyfamily.core.agreement.withdrawals import WithdrawalNotice, withdrawal_notice
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.toml_files import TomlPlaces
from everyfamily.core.keys.signing import SigningKey
from everyfamily.core.packs.overrides import Overrides, parse_overrides
from everyfamily.core.packs.packs_folder import packs_folder
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.partnership.routes import RouteCheck, as_checked
from everyfamily.letters.actions.sealing import sealing_key
from everyfamily.letters.draft_queries.drafts import draft_by_reference
from everyfamily.letters.draft_queries.words import overrides_of
from everyfamily.letters.files.key_lists import key_list_beside, read_key_list
from everyfamily.letters.files.withdrawal_notices import notices_about
from everyfamily.letters.queries import route_checks
from everyfamily.letters.site_queries import (
    letters_for_site,
    newest_route_check,
    recordings,
    recordings_mark,
    sound_of,
    withdrawn_among,
)
from everyfamily.parentsite.dead_numbers import dead_places
from everyfamily.parentsite.reading import read_site
from everyfamily.parentsite.recordings import RecordingFile, with_recording
from everyfamily.parentsite.sealed import DOWNLOADS, SealedLetter, prove_letters
from everyfamily.parentsite.site import Site
from everyfamily.partnership.queries import in_force, settings_in_brief


class NoSettingsForSite(EveryfamilyError):
    """There are no settings in force, so there is nothing to make a site of."""

    code = "EF374"


@dataclass(frozen=True, slots=True)
class Inputs:
    """All of it, as of one moment."""

    partnership: Partnership
    """Its routes with the newest checks."""
    checks: tuple[RouteCheck, ...]
    """The newest check of each number and address, also of those that only a letter has."""
    letters: tuple[SealedLetter, ...]
    overrides: tuple[tuple[Overrides, TomlPlaces], ...]
    today: date


def read_inputs(references: Collection[str], now: datetime) -> Inputs:
    """What a site with these letters is made from. Raises NoSettingsForSite, and what `prove_letters` raises."""
    found = in_force()
    if found is None:
        raise NoSettingsForSite("There are no settings in force.", "Put the partnership’s file in force first.")
    checks, today = route_checks(), now.astimezone(LONDON).date()
    routes = tuple(as_checked(route, checks, today) for route in found.partnership.routes)
    partnership = replace(found.partnership, routes=routes)
    rows = [one for one in letters_for_site(DOWNLOADS) if one.reference in references]
    seals = {one.reference: Seal.from_json(one.published) for one in rows}
    gone = {one.reference: one.withdrawn_at for one in rows if one.withdrawn_at is not None}
    key = sealing_key() if settings.EVERYFAMILY_SEALING_KEY_FILE else None
    letters = prove_letters(
        seals,
        partnership,
        files={one.reference: one.files for one in rows},
        withdrawn={reference: at.astimezone(LONDON).date() for reference, at in gone.items()},
        notices=_notices(seals, gone, key),
        sealing_key=key.public_key if key is not None else None,
        keys=_key_list(key),
    )
    letters = tuple(_with_recordings(letters))
    return Inputs(partnership, tuple(checks), letters, tuple(_overrides(letters)), today)


def _with_recordings(letters: Iterable[SealedLetter]) -> Iterator[SealedLetter]:
    known = {one.reference: one for one in letters}
    for kept in recordings(known):
        one, sound = known[kept.reference], sound_of(kept.id)
        if sound and kept.language in one.letter.texts and not one.withdrawn:
            about = RecordingFile(read_by=kept.read_by, heard_by=kept.heard_by, words_digest=kept.words_digest)
            read = with_recording(one, kept.language, sound, about)
            # One of other words is left out, and its own page says so: a corrected number does not wait for a voice.
            if not read.recordings[kept.language].faults:
                known[kept.reference] = read
    yield from known.values()


def _published_seals() -> Path | None:
    """What is published already: another worker, which has the keys, may have put it there."""
    folder: Path | None = settings.EVERYFAMILY_SITE_FOLDER
    return folder / "public" / "seals" if folder is not None else None


def _key_list(key: SigningKey | None) -> SignatoryKeys | None:
    """The signed list of signatories' keys: of this worker, or otherwise the one that is published."""
    listed, published = settings.EVERYFAMILY_SIGNATORY_KEYS_FILE, _published_seals()
    if listed:
        return read_key_list(Path(listed), sealing_key=key.public_key if key is not None else None)
    return key_list_beside(published) if published is not None else None


def _notices(
    seals: Mapping[str, Seal], gone: Mapping[str, datetime], key: SigningKey | None
) -> dict[str, WithdrawalNotice]:
    """The signed notices about withdrawn letters. Signed again, each is the same. A worker without the key keeps those
    that are published."""
    if key is None:
        published = _published_seals()
        return notices_about(published, [seals[one] for one in gone]) if published is not None else {}
    return {
        reference: withdrawal_notice(seals[reference], key=key, withdrawn_at=at) for reference, at in gone.items()
    }


def site_of(inputs: Inputs, languages: Collection[str]) -> Site:
    """The site, in English and these languages. Raises what `read_site` raises."""
    return read_site(
        inputs.partnership,
        inputs.letters,
        packs_folder(settings.EVERYFAMILY_PACKS),
        languages,
        inputs.today,
        preview=False,
        overrides=inputs.overrides,
        checks=inputs.checks,
    )


def dead_now(now: datetime) -> set[str]:
    """The numbers and addresses that people know to be dead, as printed. It needs no settings that can be read."""
    checks, today = route_checks(), now.astimezone(LONDON).date()
    partnership = settings_in_brief().partnership
    routes = partnership.routes if partnership is not None else ()
    return dead_places([as_checked(one, checks, today) for one in routes], checks, today)


def mark_now(references: Collection[str]) -> str:
    """Of everything on a site with these letters that changes without a new letter: the settings, the newest check of a
    route, recordings, and which of the letters are withdrawn. With another mark, the site must be made again."""
    found, gone = in_force(), withdrawn_among(references)
    parts = [found.files.digest if found is not None else "", str(newest_route_check())]
    parts.append(recordings_mark(references))
    parts += [f"{one} {one in gone}" for one in sorted(references)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _overrides(letters: Collection[SealedLetter]) -> Iterator[tuple[Overrides, TomlPlaces]]:
    """Of each pack, those of its newest letter, if it was written here."""
    seen: set[str] = set()
    for one in letters:
        if one.letter.pack in seen or one.withdrawn:
            continue
        seen.add(one.letter.pack)
        written = draft_by_reference(one.reference)
        if written is not None and one.letter.overridden is not None:
            yield parse_overrides(overrides_of(written), f"{one.reference}.toml")
