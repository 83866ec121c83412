"""What the form of the site says."""

from __future__ import annotations

from django.http import QueryDict

from everyfamily.core.errors import EveryfamilyError
from everyfamily.letters.site_queries import letters_on_site
from everyfamily.parentsite.furniture import furniture_languages


class NothingToMake(EveryfamilyError):
    """A site was asked for without a letter, or in a language that it does not have."""

    code = "EF376"


def made_from(posted: QueryDict) -> tuple[list[str], list[str], bool]:
    """The languages, the references of the letters, and whether it is for families. Raises NothingToMake."""
    known = furniture_languages()
    languages = [tag for tag in known if tag == "en" or tag in posted.getlist("language")]
    letters = [one.reference for one in letters_on_site()]
    letters = [one for one in letters if one in posted.getlist("letter")]
    if not letters:
        raise NothingToMake("Choose a letter.", "A site is made from at least one sealed letter.")
    return languages, letters, posted.get("do") == "publish"
