"""Addresses below a school's own. A school's roll: upload, columns, review, put in, earlier files."""

from __future__ import annotations

from django.urls import URLPattern, path

from everyfamily.staff.roll import doing, guidance, views

urlpatterns: list[URLPattern] = [
    path("roll/", views.upload_page, name="roll"),
    path("roll/file/", views.file_page, name="roll-file"),
    path("roll/file/columns/", doing.columns_page, name="roll-columns"),
    path("roll/file/put-in/", doing.put_in_page, name="roll-put-in"),
    path("roll/file/whose/", doing.whose_page, name="roll-whose"),
    path("roll/file/again/", doing.again_page, name="roll-again"),
    path("roll/file/delete/", doing.delete_page, name="roll-delete"),
    path("roll/file/set-aside.csv", views.set_aside_page, name="roll-set-aside"),
    path("roll/file/children.csv", views.children_page, name="roll-children"),
    path("roll/take-back/", doing.take_back_page, name="roll-take-back"),
    path("roll/columns/forget/", doing.forget_page, name="roll-forget"),
    path("roll/history/", views.history_page, name="roll-history"),
    path("roll/template.csv", views.template_csv_page, name="roll-template-csv"),
    path("roll/template.xlsx", views.template_xlsx_page, name="roll-template-xlsx"),
    path("roll/help/", guidance.help_page, name="roll-help"),
    path("roll/help/<slug:system>/", guidance.system_page, name="roll-system"),
]
