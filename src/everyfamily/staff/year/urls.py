"""Addresses of the year's plan."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.year import views

urlpatterns = [
    path("year/", views.year, name="year"),
    path("year/report/", views.report, name="year-report"),
    path("year/reviews/<int:mailing>/", views.review, name="year-review"),
    path("year/done/", views.done, name="year-done"),
]
