"""Addresses below a school's own. What a lead decides: restrictions, parents and carers, children."""

from __future__ import annotations

from django.urls import URLPattern, path

from everyfamily.staff.decisions import adults, calls, children, homes, notes, parents, restrictions

urlpatterns: list[URLPattern] = [
    path("restrictions/", restrictions.restrictions_page, name="restrictions"),
    path("restrictions/several/", restrictions.several_page, name="restrictions-several"),
    path("restrictions/again/", restrictions.again_page, name="restrictions-again"),
    path("restrictions/notes/", notes.notes_page, name="notes"),
    path("restrictions/homes/", homes.homes_page, name="shared-homes"),
    path("restrictions/homes/<int:way>/<int:shut>/", homes.home_page, name="shared-home"),
    path("restrictions/<int:link>/", restrictions.restriction_page, name="restriction"),
    path("parents/", parents.parents_page, name="parents"),
    path("children/", children.children_page, name="children"),
    path("children/leavers/", children.leavers_list, name="leavers"),
    path("children/<int:child>/", children.child_page, name="one-child"),
    path("children/<int:child>/left/", children.left_page, name="child-left"),
    path("children/<int:child>/died/", children.died_page, name="child-died"),
    path("children/<int:child>/died/mistake/", children.not_died_page, name="child-not-died"),
    path("children/<int:child>/adults/<int:adult>/", adults.adult_page, name="one-adult"),
    path("calls/", calls.calls_page, name="calls"),
    path("children/<int:child>/adults/<int:adult>/call/", calls.call_page, name="adult-call"),
    path("children/<int:child>/adults/<int:adult>/died/", adults.died_page, name="adult-died"),
]
