"""Every records system that we know by its headings has a page of help."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from everyfamily.core.rolls.layout.exports import exports, in_every_system


def test_every_system_that_is_recognised_has_help() -> None:
    text = files("everyfamily.core.rolls.layout").joinpath("systems.toml").read_text(encoding="utf-8")
    known = {name.removesuffix("'s students") for name in tomllib.loads(text)["system"]}
    assert known == {one.fits for one in exports() if one.fits}


def test_a_page_of_help_has_an_address_of_its_own_and_says_everything() -> None:
    slugs = [one.slug for one in exports()]
    assert len(set(slugs)) == len(slugs)
    assert all(one.run and one.holds and one.lost and one.sure for one in exports())
    assert len(in_every_system()) == 6
