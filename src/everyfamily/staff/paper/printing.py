"""The PDF that the office prints: only copies that still wait and may go home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from everyfamily.mailings.actions.paper.by_class import NotThisWay
from everyfamily.mailings.messages.paper_bundles import bundle
from everyfamily.mailings.queries.hand_outs import WAITING, Copy
from everyfamily.mailings.queries.paper import LetterOnPaper
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.paper.pages import own_ids_of


def pdf_of(school: SchoolFacts, letter: LetterOnPaper, copies: Sequence[Copy], now: datetime) -> bytes:
    """The bundle for these copies. Raises NotThisWay while nothing may be handed out, and PrintFilesNotHere."""
    if letter.is_withdrawn or letter.is_paused:
        raise NotThisWay(
            "This letter is withdrawn or paused, so nothing of it is printed.",
            "Hand nothing out until the partnership says that you can.",
        )
    wanted = [copy for copy in copies if copy.status in WAITING and copy.may_go_home]
    if not wanted:
        raise NotThisWay("No copy waits to be handed out here.", "See what waits in other classes.")
    with tenant(school.id):
        own_ids = own_ids_of(school, wanted, now)
    return bundle(school, letter.letter, letter.reference, wanted, own_ids)
