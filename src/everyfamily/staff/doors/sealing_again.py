"""After the key for sign-in was changed: the secrets of second factors are encrypted again under the new one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.next_steps import Next, Step
from everyfamily.staff.doors.factor_rows import secrets_in
from everyfamily.staff.doors.secrets_of_factors import SecretNotOpened, SignInKeyMissing, opened, sealed


class SecretsLost(EveryfamilyError):
    """No key for sign-in that is here opens them."""

    code = "EF286"


@dataclass(frozen=True, slots=True)
class OtherKeys:
    """How many secrets do not open with the key for sign-in of today."""

    earlier: int
    """They open with an earlier one."""
    lost: int
    """They open with none that is here."""

    def steps(self) -> Iterator[Step]:
        """What somebody must see to, in words."""
        if self.earlier:
            yield Step(
                f"Second factors that still need an earlier key for sign-in: {self.earlier}.", Next.RESEAL_FACTORS
            )
        if self.lost:
            yield Step(
                f"Second factors that open with no key for sign-in that is here: {self.lost}. Put the key under which "
                "they were encrypted among the earlier ones."
            )


def other_keys() -> OtherKeys | None:
    """What the key of today does not open, or None where there is no key, or it cannot be read."""
    earlier = lost = 0
    with suppress(SignInKeyMissing):
        for row in Authenticator.objects.all():
            for _, kept in secrets_in(row):
                if not _opens(kept, row, by_newest=True):
                    opens = _opens(kept, row)
                    earlier, lost = earlier + opens, lost + (not opens)
        return OtherKeys(earlier, lost)
    return None


def seal_again(*, by: Actor, now: datetime) -> int:
    """Encrypt what an earlier key encrypted, account by account, each in one transaction with its event. Returns how
    many secrets there were.

    It can be stopped and run again, and nothing is done twice. Raises SignInKeyMissing, and SecretsLost after all
    others are done.
    """
    accounts = Authenticator.objects.order_by("user_id").values_list("user_id", flat=True).distinct()
    done = sum(_seal_account(account, by, now) for account in list(accounts))
    left = other_keys()
    if left is not None and left.lost:
        raise SecretsLost(
            f"Of the second factors, {left.lost} open with no key for sign-in that is here. All others are done.",
            "Put the key under which they were encrypted among the earlier ones, and run this again. If there is none, "
            "let these people in again.",
        )
    return done


def _seal_account(account: int, by: Actor, now: datetime) -> int:
    done = 0
    with transaction.atomic():
        for row in Authenticator.objects.select_for_update().filter(user_id=account).order_by("id"):
            of_row = 0
            for name, kept in secrets_in(row):
                if not _opens(kept, row, by_newest=True) and _opens(kept, row):
                    row.data[name] = sealed(opened(kept, account, row.type), account, row.type)
                    of_row += 1
            if of_row:
                row.save(update_fields=["data"])
                done += of_row
        if done:
            action = "second factors encrypted again"
            record_event(action=action, by=by, subject_type="account", subject_id=account, now=now)
    return done


def _opens(kept: str, row: Authenticator, *, by_newest: bool = False) -> bool:
    try:
        opened(kept, row.user_id, row.type, by_newest=by_newest)
    except SecretNotOpened:
        return False
    return True
