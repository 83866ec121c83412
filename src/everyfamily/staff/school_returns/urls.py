"""Addresses below a school's own. A school's returns and its kit, for somebody who is signed in."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.school_returns import views

urlpatterns = [
    path("return/", views.returns_page, name="school-returns"),
    path("return/<int:mailing_id>/", views.return_page, name="school-return"),
    path("return/<int:mailing_id>/filed/", views.filed_return_page, name="school-return-filed"),
    path("return/<int:mailing_id>/not-sent/", views.not_sent_page, name="school-return-not-sent"),
    path("letter/", views.newest_letter_page, name="school-letter-newest"),
    path("letters/", views.letters_page, name="school-letters"),
    path("letter/<int:mailing_id>/", views.letter_page, name="school-letter"),
    path("letter/<int:mailing_id>/kit.zip", views.kit_file, name="school-kit"),
    path("letter/<int:mailing_id>/files/<int:file_id>/", views.letter_file, name="school-letter-file"),
]
