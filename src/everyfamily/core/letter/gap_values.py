"""What fills the gaps of a letter: when it is composed, and when its words are turned back into those of a draft."""

from __future__ import annotations

from datetime import date

from everyfamily.core.calendar.year_groups import families_in_words
from everyfamily.core.letter.letters import Letter
from everyfamily.core.partnership.bodies import Body
from everyfamily.core.partnership.routes import Route
from everyfamily.core.text.dates import day_in_words
from everyfamily.core.text.gaps import PERSONAL_GAPS
from everyfamily.core.text.name_lists import joined_names
from everyfamily.core.text.placeholders import gap_name


def values_of(letter: Letter) -> dict[str, str]:
    """What filled the gaps of a composed letter, by the gap's name. Without the next letter's topic and month."""
    return gap_values(
        letter.routes,
        bodies=letter.bodies,
        area=letter.area,
        site=letter.site,
        page=letter.page,
        reference=letter.reference,
        dated=letter.dated,
        mailbox=letter.reply_mailbox,
        from_year=letter.from_year,
    )


def gap_values(
    routes: tuple[Route, ...],
    *,
    bodies: tuple[Body, ...],
    area: str,
    site: str,
    page: str,
    reference: str,
    dated: date,
    mailbox: str,
    from_year: int,
) -> dict[str, str]:
    """What fills the gaps of a letter, by the gap's name, without those that only a school or an address fills."""
    values = {
        **_route_values(routes),
        "partners": joined_names([body.name for body in bodies]),
        "area": area,
        "site": site,
        "page": page,
        "reference": reference,
        "dated": day_in_words(dated),
        "mailbox": mailbox,
        "families": families_in_words(from_year, area),
    }
    return {name: value for name, value in values.items() if gap_name(name) not in PERSONAL_GAPS}


def _route_values(routes: tuple[Route, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for route in routes:
        values[f"route {route.id}"] = route.number or route.url or ""
        values[f"route {route.id} name"] = route.label
        if route.form is not None:
            values[f"route {route.id} form"] = route.form
    return values
