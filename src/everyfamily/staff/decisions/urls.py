"""Addresses below a school's own. What a lead decides: restrictions, parents and carers, children."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
