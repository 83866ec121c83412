"""Addresses of the pages about people of the partnership."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.people import inviting_schools, mailboxes, views

urlpatterns = [
    path("people/", views.people_page, name="people"),
    path("people/invite/", views.invite_page, name="invite"),
    path("people/invitations/<int:invitation_id>/", views.sent_page, name="sent"),
    path("people/invitations/<int:invitation_id>/send/", views.send_again_page, name="send-again"),
    path("people/invitations/<int:invitation_id>/cancel/", views.cancel_page, name="cancel"),
    path("people/roles/<int:membership_id>/end/", views.end_role_page, name="end-role"),
    path("people/<int:account_id>/let-in-again/", views.let_in_again_page, name="let-in-again"),
    path("people/<int:account_id>/stop/", views.suspend_page, name="suspend"),
    path("people/<int:account_id>/works-again/", views.works_again_page, name="works-again"),
    path("people/<int:account_id>/looked-at/", views.looked_at_page, name="suspension-looked-at"),
    path("me/stop/", views.suspend_self_page, name="suspend-self"),
    path("people/resets/<int:reset_id>/link/", views.use_reset_page, name="use-reset"),
    path("people/resets/<int:reset_id>/cancel/", views.cancel_reset_page, name="cancel-reset"),
    path("people/schools/", inviting_schools.choose_page, name="invite-school"),
    path("people/schools/mailboxes/", mailboxes.mailboxes_page, name="mailboxes"),
    path("people/schools/mailboxes/agree/", mailboxes.agree_page, name="mailboxes-agree"),
    path("people/schools/mailboxes/<int:mailbox_id>/stop/", mailboxes.stop_page, name="mailbox-stop"),
    path("people/schools/people/", views.people_at_page, name="people-at-school"),
    path("people/schools/one/", inviting_schools.one_page, name="invite-one-school"),
    path("people/schools/one/stop/", inviting_schools.stop_second_page, name="second-lead-stop"),
    path("people/schools/all/", inviting_schools.all_page, name="invite-all-schools"),
    path(
        "people/schools/<int:invitation_id>/cancel/",
        inviting_schools.cancel_page,
        name="cancel-school-invitation",
    ),
]
