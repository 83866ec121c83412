"""Which account and which kind of second factor a secret belongs to. Copied to another row, it does not open there.

allauth gives only the text to the code that encrypts or decrypts it. So a secret knows its row: from the moment a row
is read, and for a new one from the moment before it is written.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_init, pre_save

_NAMES = ("secret", "seed")
"""What is encrypted of an app, and of recovery codes."""
_MODEL = "mfa.Authenticator"


class OfRow(str):
    """An encrypted secret as a row holds it."""

    __slots__ = ("account", "kind")
    account: int
    kind: str

    def __new__(cls, kept: str, account: int, kind: str) -> OfRow:
        made = super().__new__(cls, kept)
        made.account, made.kind = account, str(kind)
        return made


class OnItsWay(str):
    """An encrypted secret that has no row yet. In a row it would not open."""

    __slots__ = ()


def know_their_rows() -> None:
    """Have each secret know its row, from now on in this process."""
    post_init.connect(_read, sender=_MODEL, dispatch_uid="everyfamily.factor_rows")
    pre_save.connect(_about_to_be_written, sender=_MODEL, dispatch_uid="everyfamily.factor_rows")


def _read(sender: Any, instance: Any, **more: Any) -> None:
    # What was left out of a query is not asked for here.
    if not instance.get_deferred_fields():
        for name, kept in secrets_in(instance):
            if not isinstance(kept, OnItsWay):
                instance.data[name] = OfRow(kept, instance.user_id, instance.type)


def _about_to_be_written(sender: Any, instance: Any, **more: Any) -> None:
    # Only who sets up a factor needs the ciphers; they would slow the start of every command.
    from everyfamily.staff.doors.secrets_of_factors import opened, sealed

    for name, kept in secrets_in(instance):
        if isinstance(kept, OnItsWay):
            place = (instance.user_id, str(instance.type))
            instance.data[name] = OfRow(sealed(opened(kept), *place), *place)


def secrets_in(instance: Any) -> list[tuple[str, str]]:
    """The encrypted secrets of a row, by their names."""
    found = [(name, instance.data.get(name)) for name in _NAMES] if isinstance(instance.data, dict) else []
    return [(name, kept) for name, kept in found if isinstance(kept, str)]
