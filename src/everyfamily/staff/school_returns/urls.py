"""Addresses below a school's own. A school's returns and its kit, for somebody who is signed in."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
