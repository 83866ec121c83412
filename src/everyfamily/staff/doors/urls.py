"""Addresses of the doors. Of allauth's only these are here: nobody signs up, and no email resets a password."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.usersessions import views as sessions
from django.urls import path

from everyfamily.staff.doors import views

urlpatterns = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/code/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-out/", account.logout, name="account_logout"),
    path("invitations/<str:token>/", views.invitation_page, name="invitation"),
    path("me/", views.me, name="mfa_index"),
    path("me/again/", account.reauthenticate, name="account_reauthenticate"),
    path("me/again/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("me/password/", account.password_change, name="account_change_password"),
    path("me/second-factor/", totp.activate_totp, name="mfa_activate_totp"),
    path("me/second-factor/end/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("me/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("me/recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("me/sessions/", sessions.list_usersessions, name="usersessions_list"),
]
