"""Addresses of letters. A section's id is the last part of an address, because some have a slash."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.letters import (
    ask_views,
    findings_views,
    language_views,
    letter_views,
    list_views,
    preview_views,
    send_me_views,
    source_views,
    version_views,
    waiver_views,
    write_views,
)

_ONE = "letters/<str:reference>/"

urlpatterns = [
    path("letters/", list_views.letters_page, name="letters"),
    path("letters/new/", list_views.new_page, name="letter-new"),
    path(_ONE, letter_views.one_page, name="letter"),
    path(f"{_ONE}date/", letter_views.date_page, name="letter-date"),
    path(f"{_ONE}give-up/", letter_views.end_page, name="letter-end"),
    path(f"{_ONE}files/<int:file_id>/", letter_views.file_page, name="letter-file"),
    path(f"{_ONE}kit.zip", letter_views.kit_page, name="letter-kit"),
    path(f"{_ONE}seal.json", letter_views.seal_file, name="letter-seal-file"),
    path(f"{_ONE}write/<str:language>/<path:section>/", write_views.write_page, name="letter-write"),
    path(f"{_ONE}check/<str:language>/<path:section>/", write_views.check_page, name="letter-check"),
    path(f"{_ONE}findings/", findings_views.findings_page, name="letter-findings"),
    path(f"{_ONE}waive/<str:code>/<str:language>/<path:passage>/", waiver_views.waive_page, name="letter-waive"),
    path(f"{_ONE}waivers/<int:waiver_id>/end/", waiver_views.end_waiver_page, name="letter-waiver-end"),
    path(f"{_ONE}source/<str:language>/<path:passage>/", source_views.source_page, name="letter-source"),
    path(f"{_ONE}ask/", ask_views.ask_page, name="letter-ask"),
    path(f"{_ONE}folder.zip", ask_views.folder_page, name="letter-folder"),
    path(f"{_ONE}languages/", language_views.languages_page, name="letter-languages"),
    path(f"{_ONE}languages/<str:language>/", language_views.small_set_page, name="letter-small-set"),
    path(f"{_ONE}languages/<str:language>/read/", language_views.read_page, name="letter-read"),
    path(f"{_ONE}versions/", version_views.versions_page, name="letter-versions"),
    path(f"{_ONE}versions/<int:number>/", version_views.version_page, name="letter-version"),
    path(f"{_ONE}overrides.toml", version_views.overrides_page, name="letter-overrides"),
    path(f"{_ONE}pack/", version_views.pack_page, name="letter-pack"),
    path(f"{_ONE}send-me/", send_me_views.send_me_page, name="letter-send-me"),
    path(f"{_ONE}preview/<str:language>/<str:medium>/", preview_views.preview_page, name="letter-preview"),
    path(
        f"{_ONE}preview/<str:language>/<str:medium>/page-<int:number>.png",
        preview_views.picture_page,
        name="letter-picture",
    ),
    path(f"{_ONE}preview/<str:language>/<str:medium>/file.pdf", preview_views.pdf_page, name="letter-pdf"),
    path(f"{_ONE}preview/<str:language>/<str:medium>/shown/", preview_views.framed_page, name="letter-framed"),
]
