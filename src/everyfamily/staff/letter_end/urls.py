"""Addresses for stopping a sealed letter."""

from __future__ import annotations

from django.urls import path

from everyfamily.staff.letter_end import correcting, views

urlpatterns = [
    path("letters/<slug:reference>/stop/", views.stop, name="letter-stop"),
    path("letters/<slug:reference>/pause/", views.pause, name="letter-pause"),
    path("letters/<slug:reference>/go-on/", views.go_on, name="letter-go-on"),
    path("letters/<slug:reference>/go-on/agree/", views.agree_to_go_on, name="letter-go-on-agree"),
    path("letters/<slug:reference>/withdraw/", views.withdraw, name="letter-withdraw"),
    path("letters/<slug:reference>/withdraw/agree/", views.agree_to_withdraw, name="letter-withdraw-agree"),
    path("letters/<slug:reference>/let-be/", views.let_be, name="letter-let-be"),
    path("letters/<slug:reference>/withdrawn/", views.withdrawn, name="letter-withdrawn"),
    path("letters/<slug:reference>/correct/", correcting.correct, name="letter-correct"),
]
