"""Addresses of everything that is served."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("everyfamily.staff.urls"))]
