"""Addresses of everything that is served: pages for people, and addresses that carriers call."""

from __future__ import annotations

from django.urls import include, path

from everyfamily.mailings.edges import anymail_receipts, receipts

handler500 = "everyfamily.staff.doors.guard.our_fault"
urlpatterns = [
    path("receipts/notify", receipts.notify_receipt),
    path("receipts/notify/returned-letters", receipts.notify_returned_letter),
    path("receipts/anymail", anymail_receipts.anymail_receipt),
    path("", include("everyfamily.staff.urls")),
]
