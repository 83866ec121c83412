"""Addresses below a school's own. Paper to hand out: a class is named by the row number of a child in it."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.paper import views

urlpatterns = [
    path("hand-outs/", views.hand_outs_page, name="hand-outs"),
    path("hand-outs/<int:mailing_id>/", views.letter_page, name="hand-outs-of"),
    path("hand-outs/<int:mailing_id>/print/", views.print_page, name="hand-outs-print"),
    path("hand-outs/<int:mailing_id>/bin/", views.bin_page, name="hand-outs-bin"),
    path("hand-outs/<int:mailing_id>/bin-sheet/", views.bin_sheet_page, name="hand-outs-bin-sheet"),
    path("hand-outs/<int:mailing_id>/class/<int:child>/", views.class_page, name="hand-outs-class"),
    path("hand-outs/<int:mailing_id>/class/<int:child>/print/", views.print_page, name="hand-outs-print-class"),
]
