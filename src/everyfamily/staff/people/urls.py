"""Addresses of the pages about people."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.people import views

urlpatterns = [
    path("people/", views.people_page, name="people"),
    path("people/invite/", views.invite_page, name="invite"),
    path("people/invitations/<int:invitation_id>/cancel/", views.cancel_page, name="cancel"),
    path("people/roles/<int:membership_id>/end/", views.end_role_page, name="end-role"),
    path("people/<int:account_id>/let-in-again/", views.let_in_again_page, name="let-in-again"),
]
