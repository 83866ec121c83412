"""Addresses below a school's own. Attesting the roll, and pausing the school's part."""

from __future__ import annotations

from django.urls import URLPattern, path

from everyfamily.staff.attest import views

urlpatterns: list[URLPattern] = [
    path("attest/", views.attest_page, name="attest"),
    path("attest/done/", views.attested_page, name="attested"),
    path("pause/", views.pause_page, name="pause"),
    path("pause/end/", views.resume_page, name="resume"),
]
