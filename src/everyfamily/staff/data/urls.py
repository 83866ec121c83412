"""Addresses below a school's own. Data rights: find, export, forget, and what is kept until when."""

from __future__ import annotations

from django.urls import URLPattern, path

from everyfamily.staff.data import keeping, views

urlpatterns: list[URLPattern] = [
    path("data/", views.find_page, name="data"),
    path("data/kept/", keeping.kept_page, name="data-kept"),
    path("data/kept/key/", keeping.key_page, name="data-key"),
    path("data/kept/key/agree/", keeping.agree_page, name="data-key-agree"),
    path("data/kept/key/stays/", keeping.stays_page, name="data-key-stays"),
    path("data/<int:adult>/", views.adult_page, name="data-adult"),
    path("data/<int:adult>/prepare/", views.prepare_page, name="data-prepare"),
    path("data/<int:adult>/download/", views.download_page, name="data-download"),
    path("data/<int:adult>/forget/", views.forget_page, name="data-forget"),
]
