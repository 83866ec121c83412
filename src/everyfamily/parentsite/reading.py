"""Reads what a site is made from: the general pages, and the pack of each sealed letter."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from pathlib import Path

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.toml_files import TomlPlaces
from everyfamily.core.packs.overrides import Overrides
from everyfamily.core.packs.overriding import with_overrides
from everyfamily.core.packs.packs import Pack, load_pack
from everyfamily.core.packs.site_pack import load_site_pack
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.partnership.routes import RouteCheck
from everyfamily.parentsite.furniture import furniture_languages
from everyfamily.parentsite.sealed import SealedLetter
from everyfamily.parentsite.site import Site

_DAYS_AHEAD = 400
"""How far ahead a page knows the bank holidays. It is made again long before."""


class LanguageNotThere(EveryfamilyError):
    """The general pages are not in that language, or it has no catalogue of short words."""

    code = "EF357"


def read_site(
    partnership: Partnership,
    letters: tuple[SealedLetter, ...],
    packs: Path,
    languages: Collection[str],
    today: date,
    *,
    preview: bool,
    overrides: Sequence[tuple[Overrides, TomlPlaces]] = (),
    checks: Sequence[RouteCheck] = (),
) -> Site:
    """Read the general pages and the packs of these letters, in English and `languages` (empty: all languages), with
    the partnership's own words. `checks` are what people found when they rang the routes.

    Raises LanguageNotThere, and what `load_site_pack`, `load_pack` and `with_overrides` raise.
    """
    wanted = languages or None  # a language that is left out is not read, so that a mistake in it stops nothing
    pages = load_site_pack(packs / "parent-site", wanted)
    known = [tag for tag in furniture_languages() if tag in pages.texts]
    for tag in languages:
        if tag not in known:
            raise LanguageNotThere(
                f'The site is not in "{tag}": its general pages or its catalogue are missing.',
                "Leave it out, or translate them first: docs/howto/publish-the-parent-site.md.",
            )
    own: dict[str, Pack] = {}
    for name in {one.letter.pack for one in letters}:
        if (packs / name / "pack.toml").exists():
            of_this = [one for one in overrides if one[0].pack == name]
            # An override of a language that was not read would look as if its passage had gone.
            own[name] = load_pack(packs / name, None if of_this else wanted)
            for one in of_this:
                own[name] = with_overrides(own[name], *one)
    shuts = any(not opening.bank_holidays for opening in partnership.openings.values())
    return Site(
        partnership=partnership,
        pages=pages,
        packs=own,
        letters=letters,
        languages=tuple(tag for tag in known if not languages or tag in ("en", *languages)),
        today=today,
        bank_holidays=_bank_holidays(today) if shuts else (),
        checks=tuple(checks),
        preview=preview,
    )


def _bank_holidays(today: date) -> tuple[date, ...]:
    # This takes half a second, and is only needed for lines that are shut on them.
    from everyfamily.core.calendar.bank_holidays import bank_holidays

    known = bank_holidays()
    days = (today + timedelta(days=ahead) for ahead in range(_DAYS_AHEAD))
    return tuple(day for day in days if day in known)
