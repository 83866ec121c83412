"""A letter that waits for a second person to withdraw it or let it go on, or that nobody has begun to put right."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from everyfamily.core.agreement.two_people import Act, Asked
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.desk.kinds import Kind
from everyfamily.core.desk.waiting import Wait
from everyfamily.mailings.queries.across import Withdrawn


def of_withdrawn(found: Iterable[Withdrawn], begun: Collection[str]) -> Iterator[Wait]:
    """Letters whose mailing was withdrawn and that no letter corrects. `begun` are the references of letters for which
    somebody is writing one that follows them."""
    for one in found:
        if one.waits and one.reference not in begun:
            kind, place = Kind.CORRECT, f"Letter {one.reference}"
            day = one.at.astimezone(LONDON).date()
            yield Wait(kind, f"{kind.name} {one.reference}", day, place=place, reference=one.reference)


def of_askings(asked: Iterable[Asked]) -> Iterator[Wait]:
    """What waits for a second person: for everybody who may withdraw, but the person who asked."""
    for one in asked:
        kind = Kind.TO_WITHDRAW if one.act is Act.WITHDRAW else Kind.TO_GO_ON
        yield Wait(
            kind,
            f"{kind.name} {one.id}",
            for_bodies=True,
            place=f"Letter {one.reference}",
            reference=one.reference,
            not_for=one.account,
            note=f"{one.by} asked for it{f': {one.why}' if one.why else ''}.",
            at=f"/letters/{one.reference}/stop/",
        )
