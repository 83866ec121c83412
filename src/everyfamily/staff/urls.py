"""Addresses of the screens."""

from __future__ import annotations

from django.urls import include, path

from everyfamily.staff import views

urlpatterns = [
    path("", include("everyfamily.staff.desk.urls")),
    path("", include("everyfamily.staff.doors.urls")),
    path("", include("everyfamily.staff.people.urls")),
    path("", include("everyfamily.staff.schools.urls")),
    path("schools/<int:urn>/", include("everyfamily.staff.roll.urls")),
    path("schools/<int:urn>/", include("everyfamily.staff.decisions.urls")),
    path("schools/<int:urn>/", include("everyfamily.staff.attest.urls")),
    path("schools/<int:urn>/", include("everyfamily.staff.families.urls")),
    path("schools/<int:urn>/", include("everyfamily.staff.paper.urls")),
    path("schools/<int:urn>/", include("everyfamily.staff.school_returns.urls")),
    path("schools/<int:urn>/", include("everyfamily.staff.data.urls")),
    path("schools/<int:urn>/", include("everyfamily.staff.school_settings.urls")),
    path("", include("everyfamily.staff.check.signed_in")),
    path("", include("everyfamily.staff.audit.urls")),
    path("", include("everyfamily.staff.agreeing.urls")),
    path("", include("everyfamily.staff.partnership.urls")),
    path("", include("everyfamily.staff.ready.urls")),
    path("", include("everyfamily.staff.year.urls")),
    path("", include("everyfamily.staff.routes.urls")),
    path("", include("everyfamily.staff.letters.urls")),
    path("", include("everyfamily.staff.letter_end.urls")),
    path("", include("everyfamily.staff.site.urls")),
    path("", include("everyfamily.staff.running.urls")),
    path("robots.txt", views.robots, name="robots"),
    # Some mail programs cut the last slash off a link.
    path("return/<str:token>", views.file_return_page, name="return"),
    path("return/<str:token>/", views.file_return_page, name="return"),
    path("return/<str:token>/kit.zip", views.kit_file, name="kit"),
    path("return/<str:token>/thanks/", views.thanks_page, name="thanks"),
    path("return/<str:token>/not-sent/", views.not_sent_page, name="return-not-sent"),
]
