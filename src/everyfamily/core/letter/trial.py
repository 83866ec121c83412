"""A letter made on trial, so that a pack can be checked before anybody has planned it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from everyfamily.core.calendar.academic_year import TermId
from everyfamily.core.calendar.year_plan import YearPlan
from everyfamily.core.letter.compose import compose
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.packs import Pack
from everyfamily.core.partnership.bodies import Promise
from everyfamily.core.partnership.partnership import Partnership

_ANY_REFERENCE = "ES-0000-0000"
"""It has the form of a reference, but belongs to nobody."""
_INVENTED_NUMBER = "0151 496 0999"


def trial_letter(
    pack: Pack, partnership: Partnership, *, today: date, term: TermId | None = None, drafts: bool = False
) -> Letter:
    """The letter that `pack` would make in `term`, or in the term that the plan has it in, or in the first one.

    `drafts` puts in the small sets that nobody has read, to be looked at.

    Raises what `compose` raises.
    """
    letters = partnership.year_plan.letters
    planned = next((one for one in letters if one.topic == pack.id), letters[0])
    if term is None:
        here = tuple(replace(one, topic=pack.id) if one is planned else one for one in letters)
        partnership, term = replace(partnership, year_plan=YearPlan(here)), planned.term.id
    return compose(pack, partnership, term=term, dated=today, reference=_ANY_REFERENCE, drafts=drafts)


def agreeing_to_everything(pack: Pack, partnership: Partnership, today: date) -> Partnership:
    """An invented partnership as it would be if it had every route that the pack needs, all of them rung today, and had
    agreed to each of its promises."""
    have = {route.id for route in partnership.routes}
    like = partnership.routes[0]
    needed = [
        replace(like, id=name, need=name, label=name, number=_INVENTED_NUMBER, url=None, form=None)
        for name in (*pack.about.routes.card, *pack.about.routes.apart)
        if name not in have
    ]
    rung = tuple(
        replace(
            route,
            checked_on=today,
            expires_on=today + timedelta(days=30),
            hours_confirmed_on=today,
            dead_since=None,
        )
        for route in (*partnership.routes, *needed)
    )
    agreed = {promise.id for promise in partnership.promises}
    promised = tuple(Promise(name, "invented", today) for name in promises_of(pack) if name not in agreed)
    return replace(
        partnership,
        nation=pack.about.nations[0],
        routes=rung,
        promises=(*(replace(one, agreed_on=today) for one in partnership.promises), *promised),
    )


def promises_of(pack: Pack) -> tuple[str, ...]:
    """What the pack's texts and its pages promise, each once, in order."""
    texts = [one for text in pack.letter_texts() for one in (*text.passages(), *text.outside(), *text.beside())]
    pages = [one for text in pack.site.values() for one in text.passages()]
    return tuple(dict.fromkeys(name for passage in (*texts, *pages) for name in passage.promises))
