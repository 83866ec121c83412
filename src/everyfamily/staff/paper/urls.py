"""Addresses below a school's own. Paper to hand out."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
