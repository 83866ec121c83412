"""Addresses below a school's own. Data rights: find, export, forget, and what is kept until when."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
