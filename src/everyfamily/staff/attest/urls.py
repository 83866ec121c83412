"""Addresses below a school's own. Attesting the roll, and pausing the school's part."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
