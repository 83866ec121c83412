"""The printable sheet for one school's copies of withdrawn letters, made from what waits there now."""

from __future__ import annotations

from datetime import datetime

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.letters.queries import letter_by_id
from everyfamily.mailings.models import Mailing
from everyfamily.mailings.queries.hand_outs import copies_waiting
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.queries import school_by_id
from everyfamily.rendering.bin_sheet import Pile, render_bin_sheet


class NothingToBin(EveryfamilyError):
    """The school holds no copies of this letter, or the letter is not withdrawn."""

    code = "EF364"


def bin_sheet(mailing_id: int, school_id: int, *, now: datetime) -> bytes:
    """A PDF with each class and its copies that nobody has said were handed over. Raises NothingToBin."""
    mailing = Mailing.objects.get(pk=mailing_id)
    by_class: dict[str, int] = {}
    with tenant(school_id):
        for copy in copies_waiting(school_id):
            if copy.mailing == mailing_id and mailing.state == "withdrawn":
                by_class[copy.group] = by_class.get(copy.group, 0) + 1
    if not by_class:
        raise NothingToBin(
            "This school has no copies of a withdrawn letter that nobody has told us about.",
            "See which schools have.",
        )
    return render_bin_sheet(
        letter_by_id(mailing.letter_id),
        school_by_id(school_id).name,
        [Pile(group, copies) for group, copies in by_class.items()],
        made_on=now.astimezone(LONDON).date(),
    )
