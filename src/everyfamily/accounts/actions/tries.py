"""Where failed sign-ins are counted, for every process that serves the pages: a cache of Django's in one table.

Django's own unpickles what it finds there, so that whoever could write to the database could run code where the master
key is. This one reads JSON. It also keeps no key as it is: libraries put network addresses and email addresses into
theirs.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.utils.crypto import salted_hmac

from everyfamily.accounts.sql.tries_sql import ADD, CLEAR, DELETE, FORGET, GET, SET, TOUCH


class Tries(BaseCache):
    """Values are of JSON. What has expired is forgotten with the next write."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def make_key(self, key: Any, version: int | None = None) -> str:
        """As it is kept: nobody can tell from it what was counted, or guess it."""
        return salted_hmac("everyfamily.tries", super().make_key(key, version), algorithm="sha256").hexdigest()

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """The value, or the default where there is none."""
        with connection.cursor() as cursor:
            cursor.execute(GET, [self.make_key(key, version)])
            row = cursor.fetchone()
        return json.loads(row[0]) if row else default

    def add(
        self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep a value where there is none. Whether there was none: of two at once, one is told so."""
        return self._write(ADD, key, value, timeout, version)

    def set(
        self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep a value, whatever was there."""
        self._write(SET, key, value, timeout, version)

    def touch(self, key: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value for longer. Whether it was there."""
        with connection.cursor() as cursor:
            cursor.execute(TOUCH, [self._seconds(timeout), self.make_key(key, version)])
            return bool(cursor.rowcount)

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget a value. Whether it was there."""
        with connection.cursor() as cursor:
            cursor.execute(DELETE, [self.make_key(key, version)])
            return bool(cursor.rowcount)

    def clear(self) -> None:
        """Forget everything."""
        with connection.cursor() as cursor:
            cursor.execute(CLEAR)

    def _write(self, statement: str, key: Any, value: Any, timeout: float | None, version: int | None) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(FORGET)
            cursor.execute(statement, [self.make_key(key, version), json.dumps(value), self._seconds(timeout)])
            return bool(cursor.rowcount)

    def _seconds(self, timeout: float | None) -> float:
        """For ever is ten years: nothing here is kept for ever."""
        found = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return 315_360_000.0 if found is None else float(found)
