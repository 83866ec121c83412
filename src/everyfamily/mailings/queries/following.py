"""Which letters other mailings follow."""

from __future__ import annotations

from collections.abc import Iterable

from everyfamily.mailings.models import Mailing


def corrected_among(references: Iterable[str]) -> set[str]:
    """Those of these letters of which nobody waits for a correction: one was sent, their mailing ended in another way
    than by the withdrawal, or they were never mailed."""
    wanted = set(references)
    rows = Mailing.objects.filter(letter__reference__in=wanted, state="withdrawn")
    waits = rows.exclude(pk__in=Mailing.objects.filter(follows_as="correction").values("follows_id"))
    return wanted - set(waits.values_list("letter__reference", flat=True))
