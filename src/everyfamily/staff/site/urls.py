"""Addresses of the parent site's pages for its author."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.site import views

urlpatterns = [
    path("site/", views.site, name="site"),
    path("site/preview/", views.preview, name="site-preview"),
    path("site/preview/<path:name>", views.preview, name="site-preview-page"),
]
