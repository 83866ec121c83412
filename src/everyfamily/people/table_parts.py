"""What several tables of models.py are made of."""

from __future__ import annotations

from django.db import models
from django.db.models import Func, Q, Value

NEXT = Func(Value("people_seen"), function="nextval")
"""The next number in the order of sql/words_sql.py."""


def one_of(field: str, values: object, name: str) -> models.CheckConstraint:
    """A check constraint for a closed vocabulary."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": list(values)}), name=name)  # type: ignore[call-overload]


def both_or_neither(first: str, second: str, name: str) -> models.CheckConstraint:
    """`..._at` and `..._by` are either both set or both empty."""
    both = Q(**{f"{first}__isnull": False, f"{second}__isnull": False})
    neither = Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
    return models.CheckConstraint(condition=both | neither, name=name)
