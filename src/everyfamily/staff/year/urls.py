"""Addresses of the year's plan."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.year import views

urlpatterns = [
    path("year/", views.year, name="year"),
    path("year/report/", views.report, name="year-report"),
    path("year/reviews/<int:mailing>/", views.review, name="year-review"),
    path("year/plan/", views.plan, name="year-plan"),
    path("year/plan/new/", views.plan_add, name="year-plan-add"),
    path("year/plan/<slug:address>/", views.plan_letter, name="year-plan-letter"),
    path("year/plan/<slug:address>/take-out/", views.plan_take_out, name="year-plan-take-out"),
    path("year/done/", views.done, name="year-done"),
]
