"""Where failed sign-ins are counted: one table for all processes, whose keys tell nobody's address.

Names in capitals are Django's settings.
"""

from __future__ import annotations

from django.utils.crypto import salted_hmac

from everyfamily.accounts.sql.tries_sql import TABLE

# Far more than there are people and addresses: beyond it, the cache would forget counts to make room.
_MOST = 20_000


def unreadable_key(key: str, prefix: str, version: int) -> str:
    """The key as it is kept. Libraries put network addresses and email addresses into theirs."""
    return salted_hmac("everyfamily.tries", f"{prefix}:{version}:{key}", algorithm="sha256").hexdigest()


CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": TABLE,
        "KEY_FUNCTION": "everyfamily.config.tries.unreadable_key",
        "OPTIONS": {"MAX_ENTRIES": _MOST},
    }
}
