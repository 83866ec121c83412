"""What the database refuses is said in a sentence, by its own code; anything else stays a fault of ours."""

from __future__ import annotations

import psycopg
import pytest

from everyfamily.cli.console.database_trouble import trouble_of
from tests.factories.each import each


def wrapped(cause: Exception) -> Exception:
    """As Django and the work engine wrap the driver's errors."""
    outer = RuntimeError("wrapped")
    outer.__cause__ = cause
    return outer


@each(
    "cause, code",
    [
        (psycopg.errors.LockNotAvailable("x"), "EF584"),
        (psycopg.errors.QueryCanceled("x"), "EF585"),
        (psycopg.errors.IdleInTransactionSessionTimeout("x"), "EF585"),
        (psycopg.errors.TooManyConnections("x"), "EF588"),
        (psycopg.OperationalError("connection failed: FATAL:  sorry, too many clients already"), "EF588"),
        (psycopg.OperationalError('connection failed: FATAL:  too many connections for role "x"'), "EF588"),
        (psycopg.OperationalError("connection failed: FATAL: remaining connection slots are reserved"), "EF588"),
        (psycopg.OperationalError("connection failed: No such file or directory"), "EF581"),
        (psycopg.errors.AdminShutdown("x"), "EF581"),
        (psycopg.errors.CannotConnectNow("x"), "EF581"),
        (psycopg.InterfaceError("the connection is closed"), "EF581"),
        (psycopg.errors.ConnectionTimeout("x"), "EF581"),
    ],
)
def test_it_is_known_by_its_code(cause: Exception, code: str) -> None:
    found = trouble_of(wrapped(cause))
    assert found is not None
    assert (found.code, found.exits_with) == (code, 75)


@pytest.mark.parametrize(
    "problem", [ValueError("x"), wrapped(psycopg.errors.UniqueViolation("x")), wrapped(KeyError("x"))]
)
def test_a_fault_of_ours_is_none_of_it(problem: Exception) -> None:
    assert trouble_of(problem) is None


def test_its_words_quote_nothing() -> None:
    found = trouble_of(psycopg.errors.LockNotAvailable("Ana Ferris"))
    assert "Ferris" not in str(found)
