"""Addresses of the settings."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.partnership import views

urlpatterns = [
    path("settings/", views.settings_page, name="settings"),
    path("settings/file/", views.file_page, name="settings-file"),
    path("settings/change/", views.change_page, name="settings-change"),
    path("settings/changes/<int:proposal_id>/", views.proposal_page, name="settings-proposal"),
    path("settings/changes/<int:proposal_id>/in-force/", views.in_force_page, name="settings-in-force"),
    path("settings/changes/<int:proposal_id>/give-up/", views.give_up_page, name="settings-give-up"),
    path("settings/versions/<int:version_id>/", views.version_page, name="settings-version"),
    path("settings/drawings/<str:drawing>", views.drawing_page, name="settings-drawing"),
    path(
        "settings/changes/<int:proposal_id>/drawings/<str:drawing>",
        views.proposed_drawing,
        name="settings-proposed",
    ),
    path(
        "settings/versions/<int:version_id>/drawings/<str:drawing>", views.version_drawing, name="settings-drawn"
    ),
]
