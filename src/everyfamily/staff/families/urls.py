"""Addresses below a school's own. A school's families: outcomes, one child, contacts that failed, adults to tell."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.families import child_views, contact_views, tell_views, views

urlpatterns = [
    path("families/", views.families_page, name="families"),
    path("families/find/", views.find_page, name="family-find"),
    path("families/table/", views.families_table, name="families-table"),
    path("families/<int:pupil>/", child_views.family_page, name="family"),
    path("families/<int:pupil>/letters/<int:attempt>/", child_views.letter_page, name="family-letter"),
    path("families/<int:pupil>/letters/<int:attempt>/pdf/", child_views.letter_file, name="family-letter-file"),
    path("contacts/", contact_views.contacts_page, name="contacts"),
    path("contacts/table/", contact_views.contacts_table, name="contacts-table"),
    path("tell/", tell_views.tell_page, name="tell"),
    path("tell/<int:task>/", tell_views.tell_one_page, name="tell-one"),
]
