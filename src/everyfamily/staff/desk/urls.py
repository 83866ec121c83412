"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.desk import views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("seen/", views.seen, name="seen"),
    path("me/mail/", views.mail_choice, name="mail-choice"),
]
