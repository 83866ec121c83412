"""Addresses of the pages about how the product runs."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.running import views

urlpatterns = [
    path("audit/verify/", views.verify_page, name="audit-verify"),
    path("audit/verify/stop/", views.stop_page, name="audit-verify-stop"),
]
