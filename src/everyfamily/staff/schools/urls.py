"""Addresses of a school's own pages."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.schools import views

urlpatterns = [
    path("schools/", views.own_schools, name="schools"),
    path("schools/<int:urn>/", views.school_home, name="school"),
]
