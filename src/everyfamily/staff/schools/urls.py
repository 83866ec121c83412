"""Addresses of a school's own pages, and of coming in as its first lead."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.schools import joining, people, views

urlpatterns = [
    path("join/<str:token>/", joining.join_page, name="join"),
    path("join/<str:token>/code/", joining.code_page, name="join-code"),
    path("schools/", views.own_schools, name="schools"),
    path("schools/<int:urn>/", views.school_home, name="school"),
    path("schools/<int:urn>/second-lead/stop/", views.stop_second_page, name="school-second-lead-stop"),
    path("schools/<int:urn>/people/", people.people_page, name="school-people"),
    path("schools/<int:urn>/people/invite/", people.invite_page, name="school-invite"),
    path("schools/<int:urn>/people/invitations/<int:invitation_id>/", people.sent_page, name="school-sent"),
    path(
        "schools/<int:urn>/people/invitations/<int:invitation_id>/send/",
        people.send_again_page,
        name="school-send-again",
    ),
    path(
        "schools/<int:urn>/people/invitations/<int:invitation_id>/cancel/",
        people.cancel_page,
        name="school-cancel",
    ),
    path(
        "schools/<int:urn>/people/roles/<int:membership_id>/end/",
        people.end_role_page,
        name="school-end-role",
    ),
    path(
        "schools/<int:urn>/people/<int:account_id>/let-in-again/",
        people.let_in_again_page,
        name="school-let-in-again",
    ),
    path(
        "schools/<int:urn>/people/mailbox/<int:mailbox_id>/stop/",
        people.mailbox_stop_page,
        name="school-mailbox-stop",
    ),
    path("schools/<int:urn>/people/resets/<int:reset_id>/link/", people.use_reset_page, name="school-use-reset"),
    path(
        "schools/<int:urn>/people/resets/<int:reset_id>/cancel/",
        people.cancel_reset_page,
        name="school-cancel-reset",
    ),
]
