"""Make the picture of all topics: a row for each content pack, with its letter, large print, staff page and email.

A pack whose letter has two versions has a row for each: first the secondary one, then that for primary schools."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

from pictures import picture_of_html, picture_of_pdf
from PIL import Image

from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.calendar.year_plan import YearPlan
from everyfamily.core.letter.compose import compose
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.packs import load_pack
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.rendering.briefing import render_briefing
from everyfamily.rendering.email import render_email
from everyfamily.rendering.large_print import render_large_print
from everyfamily.rendering.pdf import render_letter

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "pictures" / "topics.png"
TERM, DATED, REFERENCE = "spring-2027", date(2027, 3, 2), "ES-2703-K7R4"
FAMILY = PersonalGaps(
    ("The parent or carer", "27 Lantern Row", "Eastmere", "EM4 7QX"), "Harbour School", "0151 496 0160"
)
SIZE, GAP = (300, 424), 12


def main() -> None:
    """Draw a row of each version of each pack that holds a letter."""
    packs = sorted(file.parent for file in (ROOT / "packs").glob("*/pack.toml"))
    letters = [letter_of(pack) for pack in packs]
    with tempfile.TemporaryDirectory() as place:
        rows = [
            pictures_of(letter, version, Path(place)) for letter in letters for version in versions_of(letter)
        ]
    width, height = (side + GAP for side in SIZE)
    sheet = Image.new("RGB", (width * len(rows[0]) + GAP, height * len(rows) + GAP), "#d9dfe0")
    for down, row in enumerate(rows):
        for across, picture in enumerate(row):
            sheet.paste(picture, (GAP + across * width, GAP + down * height))
    sheet.quantize(32).save(OUT, optimize=True)


def versions_of(letter: Letter) -> tuple[Version | None, ...]:
    """What it is drawn in. A letter in one version is drawn once."""
    return (Version.SECONDARY, Version.PRIMARY) if letter.primary else (None,)


def letter_of(pack: Path) -> Letter:
    """The letter of the spring term, if it were on the topic of `pack`."""
    plan = load_partnership(ROOT / "src/everyfamily_demo/data/partnership.toml")
    due = plan.year_plan.of(TERM)
    letters = tuple(replace(one, topic=pack.name) if one is due else one for one in plan.year_plan.letters)
    read = load_pack(pack)
    return compose(read, replace(plan, year_plan=YearPlan(letters)), term=TERM, dated=DATED, reference=REFERENCE)


def pictures_of(whole: Letter, version: Version | None, place: Path) -> list[Image.Image]:
    """Both pages of a version, the first of large print, the page for staff, and the top of the email on a phone."""
    letter = whole.in_version(version)
    files = {
        "letter": render_letter(letter, "en", FAMILY),
        "large": render_large_print(letter, "en", FAMILY),
        "staff": render_briefing(whole, "en", whole.texts["en"].briefing),
    }
    found = []
    for name, number in (("letter", 1), ("letter", 2), ("large", 1), ("staff", 1)):
        (place / "file.pdf").write_bytes(files[name])
        picture_of_pdf(place / "file.pdf", place / "page.png", page=number, dpi=72)
        found.append(Image.open(place / "page.png").convert("RGB").resize(SIZE))
    (place / "email.html").write_text(render_email(letter, "en", FAMILY).html, encoding="utf-8")
    picture_of_html(place / "email.html", 390, place / "page.png")
    top = Image.open(place / "page.png").convert("RGB")
    found.append(top.crop((0, 0, top.width, round(top.width * SIZE[1] / SIZE[0]))).resize(SIZE))
    return found


if __name__ == "__main__":
    main()
