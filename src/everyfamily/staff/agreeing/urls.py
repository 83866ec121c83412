"""Addresses of agreeing on a letter, and of the keys with which a body approves."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.agreeing import endorsing, views
from everyfamily.staff.agreeing import file_views as files
from everyfamily.staff.agreeing import key_views as keys
from everyfamily.staff.agreeing import note_views as notes
from everyfamily.staff.agreeing import seal_views as seals
from everyfamily.staff.agreeing import settings_views as in_settings

_ONE = "letters/<str:reference>/"
_FROZEN = f"{_ONE}frozen/<int:number>/"

urlpatterns = [
    path(f"{_ONE}approve/", views.approve_page, name="letter-approve"),
    path(f"{_ONE}approve/sign/", views.sign_page, name="letter-approve-sign"),
    path(f"{_ONE}approve/file/", files.upload_page, name="letter-approve-file"),
    path(f"{_ONE}approve/done/", files.approved_page, name="letter-approved"),
    path(f"{_ONE}review/", views.review_page, name="letter-review-words"),
    path(f"{_ONE}ask-for-change/", views.change_page, name="letter-ask-change"),
    path(f"{_ONE}notes/", notes.note_page, name="letter-note"),
    path(f"{_ONE}notes/all/", notes.notes_page, name="letter-notes"),
    path(f"{_ONE}notes/<int:note_id>/settle/", notes.settle_page, name="letter-note-settle"),
    path(f"{_ONE}seal/", seals.seal_page, name="letter-seal"),
    path(f"{_FROZEN}letter.zip", files.zip_page, name="letter-frozen-zip"),
    path(f"{_FROZEN}approvals/<str:signatory>.json", files.approval_page, name="letter-approval"),
    path(f"{_FROZEN}pages/<path:key>/<int:sheet>.png", files.picture_page, name="letter-frozen-picture"),
    path(f"{_FROZEN}files/<path:name>", files.file_page, name="letter-frozen-file"),
    path("settings/keys/", in_settings.settings_keys_page, name="settings-keys"),
    path("settings/keys/<int:key_id>/", in_settings.propose_key, name="settings-key-propose"),
    path("keys/", keys.keys_page, name="approval-keys"),
    path("keys/new/", keys.new_key_page, name="approval-key-new"),
    path("keys/<int:key_id>/", keys.key_page, name="approval-key"),
    path("keys/<int:key_id>/confirm/", keys.confirm_page, name="approval-key-confirm"),
    path("keys/<int:key_id>/endorse/", endorsing.endorse_page, name="approval-key-endorse"),
    path("keys/<int:key_id>/end/", keys.end_page, name="approval-key-end"),
]
