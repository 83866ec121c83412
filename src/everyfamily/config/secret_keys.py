"""The key that signs links, and earlier ones, whose links still open (docs/howto/change-a-key.md)."""

from __future__ import annotations

from collections.abc import Mapping

from everyfamily.config.environment import SettingNotRight, secret, secrets_of
from everyfamily.core.keys.secret_key import NO_KEY, SHORTEST, may_sign

_KEY = "EVERYFAMILY_SECRET_KEY"
_EARLIER = "EVERYFAMILY_EARLIER_SECRET_KEYS"


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
