"""Addresses of the check."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.check import views

urlpatterns = [
    path("check/", views.check_page, name="check"),
    path("check/rules/", views.rules_page, name="rules"),
    path("check/rules/<str:code>/", views.rule_page, name="rule"),
]
