"""The three database aliases, from three addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from everyfamily_postgres.roles import Role
from everyfamily_postgres.time_limits import as_options

ADDRESSES = {
    "default": "DATABASE_URL",
    "owner": "EVERYFAMILY_OWNER_URL",
    "planner": "EVERYFAMILY_PLANNER_URL",
}
_ROLES = {"default": Role.APP, "owner": Role.OWNER, "planner": Role.PLANNER}


def databases(environment: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Read the addresses. An alias without an address gets one that does not answer, so that commands that need no
    database (checks, schema diffs) can still load the settings."""
    return {alias: _one(environment.get(name, ""), _ROLES[alias]) for alias, name in ADDRESSES.items()}


def _one(address: str, role: Role) -> dict[str, Any]:
    parts = conninfo_to_dict(address) if address else {}
    known = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    values = {django: str(parts[libpq]) for libpq, django in known.items() if libpq in parts}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "everyfamily",
        "HOST": "/nonexistent",
        "CONN_MAX_AGE": None,
        # A connection that was cut while nobody used it is opened again, and no request or job fails.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "server_side_binding": True,
            # So that somebody who looks at the server sees who holds what.
            "application_name": "everyfamily",
            # The server prepares only the queries that ask for it (the claim of a message, where planning took longer
            # than all the rest). A plan that is kept is made without values, and a roll's first rows are like no other.
            "prepare_threshold": 1_000_000_000,
            **{k: v for k, v in parts.items() if k not in known and v is not None},
            # If a setting has two values, the later one counts, so an address can overrule it.
            "options": f"{as_options(role)} {parts.get('options') or ''}".strip(),
        },
        **values,
    }
