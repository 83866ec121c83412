"""The address of the checklist."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.ready import views

urlpatterns = [path("ready/", views.ready_page, name="ready")]
