"""Addresses of the audit trail."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.audit import views

urlpatterns = [
    path("audit/", views.audit_page, name="audit"),
    path("audit/table/", views.audit_table, name="audit-table"),
    path("schools/<int:urn>/audit/", views.school_audit_page, name="school-audit"),
    path("schools/<int:urn>/audit/table/", views.school_audit_table, name="school-audit-table"),
]
