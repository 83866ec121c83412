"""Keys that were replaced by newer ones, and still open what was made with them (docs/howto/change-a-key.md)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from everyfamily.config.environment import SettingNotRight, secret, secrets_of
from everyfamily.core.keys.secret_key import NO_KEY, SHORTEST, may_sign, sign_in_key_in

_KEY = "EVERYFAMILY_SECRET_KEY"
_EARLIER = "EVERYFAMILY_EARLIER_SECRET_KEYS"
_SIGN_IN = "EVERYFAMILY_SIGN_IN_KEY_FILE"
_EARLIER_SIGN_IN = "EVERYFAMILY_EARLIER_SIGN_IN_KEYS"


def secret_key(environment: Mapping[str, str]) -> str:
    """The key. Nothing that needs it starts while it is only NO_KEY (return_tokens.py). Raises SettingNotRight."""
    return secret(environment, _KEY) or NO_KEY


def earlier_secret_keys(environment: Mapping[str, str]) -> list[str]:
    """The keys that this one replaced. They sign nothing any more. Raises SettingNotRight."""
    found = secrets_of(environment, _EARLIER)
    if secret_key(environment) in found:
        raise SettingNotRight(
            f"{_EARLIER} has the key of {_KEY} in it.",
            f"Give {_KEY} a new key, or take this one out of the earlier ones.",
        )
    if not all(map(may_sign, found)):
        raise SettingNotRight(
            f"{_EARLIER} has a key that is no secret, or has fewer than {SHORTEST} characters: links could be forged.",
            "Write each earlier key on a line of its own, as it was, or unset the variable.",
        )
    return found


def earlier_sign_in_keys(environment: Mapping[str, str]) -> list[bytes]:
    """The keys for sign-in that the one of today replaced. They encrypt nothing any more. Raises SettingNotRight."""
    try:
        found = [sign_in_key_in(line) for line in secrets_of(environment, _EARLIER_SIGN_IN)]
    except ValueError:
        raise SettingNotRight(
            f"{_EARLIER_SIGN_IN} has a line that is no key for sign-in.",
            "Write each earlier key on a line of its own, as it was in its file, or unset the variable.",
        ) from None
    # Somebody who may not read the key of today does not need the earlier ones either.
    with suppress(OSError, ValueError):
        if found and sign_in_key_in(Path(environment.get(_SIGN_IN, "")).read_text(encoding="ascii")) in found:
            raise SettingNotRight(
                f"{_EARLIER_SIGN_IN} has the key of {_SIGN_IN} in it.",
                f"Make a new key for {_SIGN_IN}, or take this one out of the earlier ones.",
            )
    return found
