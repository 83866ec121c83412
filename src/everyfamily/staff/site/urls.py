"""Addresses of the parent site's pages for its author."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.site import recordings, views

urlpatterns = [
    path("site/", views.site, name="site"),
    path("site/recordings/", recordings.list_page, name="site-recordings"),
    path("site/recordings/<str:reference>/<str:language>/", recordings.recording_page, name="site-recording"),
    path(
        "site/recordings/<str:reference>/<str:language>/words/",
        recordings.words_page,
        name="site-recording-words",
    ),
    path(
        "site/recordings/<str:reference>/<str:language>/sound/",
        recordings.sound_page,
        name="site-recording-sound",
    ),
    path("site/preview/", views.preview, name="site-preview"),
    path("site/preview/<path:name>", views.preview, name="site-preview-page"),
]
