"""Addresses of the register of routes."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.routes import numbers, views

urlpatterns = [
    path("routes/", views.routes, name="routes"),
    path("routes/<slug:key>/", views.ring, name="route"),
    path("routes/<slug:key>/dead/", views.dead, name="route-dead"),
    path("routes/<slug:key>/stopped/", views.stopped, name="route-stopped"),
    path("routes/<slug:key>/number/", numbers.number, name="route-number"),
]
