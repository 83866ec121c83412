"""Addresses of the doors. Of allauth's only these are here: nobody signs up, and no email resets a password."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.usersessions import views as sessions
from django.urls import path

from everyfamily.staff.doors import views
from everyfamily.staff.doors.own_sign_in import views as own_sign_in

urlpatterns = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/code/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/with/<slug:sign_in>/", own_sign_in.start, name="own_sign_in"),
    path("sign-in/with/<slug:sign_in>/back/", own_sign_in.back, name="own_sign_in_back"),
    path("sign-out/", account.logout, name="account_logout"),
    path("invitations/<str:token>/", views.invitation_page, name="invitation"),
    path("invitations/<str:token>/with/<slug:sign_in>/", own_sign_in.invitation_with, name="invitation_with"),
    path("me/", views.me, name="mfa_index"),
    path("me/again/", account.reauthenticate, name="account_reauthenticate"),
    path("me/again/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("me/again/own-sign-in/", own_sign_in.again_page, name="own_sign_in_again"),
    path("me/sign-in/<slug:sign_in>/", own_sign_in.connect_page, name="own_sign_in_connect"),
    path("me/password/", views.password, name="account_change_password"),
    path("me/second-factor/", totp.activate_totp, name="mfa_activate_totp"),
    path("me/second-factor/end/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("me/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("me/recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("me/sessions/", sessions.list_usersessions, name="usersessions_list"),
]
