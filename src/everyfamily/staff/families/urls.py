"""Addresses below a school's own. A school's families: outcomes, one child, contacts that failed, adults to tell."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
