"""The label that every page of a demonstration has."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def label(request: HttpRequest) -> dict[str, bool]:
    """For templates: `is_demonstration`. Only a demonstration and tests have a clock that is a row of the database."""
    return {"is_demonstration": settings.EVERYFAMILY_CLOCK == "database"}
