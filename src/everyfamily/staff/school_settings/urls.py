"""Addresses below a school's own. A school's settings."""

from __future__ import annotations

from django.urls import URLPattern, path

from everyfamily.staff.school_settings import views

urlpatterns: list[URLPattern] = [
    path("settings/", views.settings_page, name="school-settings"),
]
