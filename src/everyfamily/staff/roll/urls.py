"""Addresses below a school's own. A school's roll: upload, columns, review, put in, earlier files."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
