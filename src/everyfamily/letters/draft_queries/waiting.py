"""Letters that were sent for approval: who is waited for, and who must hear that the words changed, in one read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from everyfamily.core.partnership.routes import Route
from everyfamily.core.work import WorkState
from everyfamily.letters.files.record import routes_in
from everyfamily.letters.models import Frozen, Letter, Note, ReceivedApproval, Review


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A version that was sent for approval, and what people said of it."""

    id: int
    reference: str
    number: int
    asked_by: str
    asked_account: int | None
    asked_at: datetime
    required: tuple[str, ...]
    """Ids of everybody who must approve."""
    approved: frozenset[str]
    """Ids of those who have."""
    reviewed: bool
    """A reviewer has read these words."""
    asks: tuple[str, ...]
    """Who asks for a change of these words."""
    open_notes: int
    """Notes on the letter that nobody has settled."""
    spoke: frozenset[int]
    """Accounts that approved, reviewed or asked for a change."""
    overtaken_at: datetime | None
    overtaken_by: str
    overtaken_why: str
    routes: tuple[Route, ...] = ()
    """As the frozen words print them."""
    failed: bool = False
    """It could not be frozen, so nobody was asked. There is no newer version."""

    @property
    def is_asked(self) -> bool:
        """People are asked for their approval of these words now."""
        return not self.failed and self.overtaken_at is None


def sent_letters(overtaken_since: datetime) -> list[SentLetter]:
    """Versions that wait for somebody, those that were overtaken since, and those that could not be frozen, the newest
    first. None of a letter that is sealed or was given up."""
    recent = Q(overtaken_at=None) | Q(overtaken_at__gte=overtaken_since)
    sealed = Letter.objects.filter(reference=OuterRef("draft__reference"))
    newer = Frozen.objects.filter(draft=OuterRef("draft"), number__gt=OuterRef("number"))
    is_known = Q(state=WorkState.DONE.value) | (Q(state=WorkState.FAILED.value) & ~Exists(newer))
    rows = Frozen.objects.filter(recent, is_known, ~Exists(sealed), draft__ended_at=None)
    found = rows.order_by("-id").annotate(
        said_yes=ArraySubquery(_of(ReceivedApproval).values(row=JSONObject(who="signatory", account="account"))),
        said_of_it=ArraySubquery(_of(Review).values(row=JSONObject(kind="kind", by="by", account="account"))),
        open_notes=Coalesce(Subquery(_open_notes()), 0),
    )
    columns = ("id", "draft__reference", "number", "asked_by", "asked_account", "asked_at", "required")
    more = (
        "said_yes",
        "said_of_it",
        "open_notes",
        "overtaken_at",
        "overtaken_by",
        "overtaken_why",
        "state",
        "record__letter__routes",
    )
    return [_sent(*row) for row in found.values_list(*columns, *more)]


def _of(model: type[ReceivedApproval] | type[Review]) -> QuerySet[ReceivedApproval] | QuerySet[Review]:
    return model.objects.filter(frozen_id=OuterRef("pk")).order_by("id")


def _open_notes() -> QuerySet[Note, Any]:
    notes = Note.objects.filter(draft_id=OuterRef("draft_id"), settled_at=None).order_by()
    return notes.values("draft_id").annotate(count=Count("id")).values("count")


def _sent(
    frozen_id: int,
    reference: str,
    number: int,
    asked_by: str,
    asked_account: int | None,
    asked_at: datetime,
    required: list[dict[str, str]],
    approvals: list[dict[str, object]],
    reviews: list[dict[str, object]],
    open_notes: int,
    overtaken_at: datetime | None,
    overtaken_by: str,
    overtaken_why: str,
    state: str,
    routes: list[object] | None,
) -> SentLetter:
    # The newest word of each counts. They come in the order in which they were said.
    newest = {(one["account"], one["by"]): str(one["kind"]) for one in reviews}
    spoke = (one["account"] for one in (*approvals, *reviews))
    return SentLetter(
        frozen_id,
        reference,
        number,
        asked_by,
        asked_account,
        asked_at,
        tuple(str(one["id"]) for one in required),
        frozenset(str(one["who"]) for one in approvals),
        "reviewed" in newest.values(),
        tuple(str(by) for (_, by), kind in newest.items() if kind == "change asked"),
        open_notes,
        frozenset(one for one in spoke if isinstance(one, int)),
        overtaken_at,
        overtaken_by,
        overtaken_why,
        routes_in(routes or ()),
        state == WorkState.FAILED.value,
    )
