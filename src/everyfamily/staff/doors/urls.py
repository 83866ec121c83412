"""Addresses of the doors. Of allauth's only these are here: nobody signs up, and no email resets a password."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.urls import path

from everyfamily.staff.doors import factor_views as factors
from everyfamily.staff.doors import views
from everyfamily.staff.doors.own_sign_in import views as own_sign_in

urlpatterns = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/code/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", factors.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("sign-in/with/<slug:sign_in>/", own_sign_in.start, name="own_sign_in"),
    path("sign-in/with/<slug:sign_in>/back/", own_sign_in.back, name="own_sign_in_back"),
    path("sign-out/", account.logout, name="account_logout"),
    path("invitations/<str:token>/", views.invitation_page, name="invitation"),
    path("invitations/<str:token>/with/<slug:sign_in>/", own_sign_in.invitation_with, name="invitation_with"),
    path("me/", views.me, name="mfa_index"),
    path("me/again/", factors.PasswordAgain.as_view(), name="account_reauthenticate"),
    path("me/again/code/", factors.CodeAgain.as_view(), name="mfa_reauthenticate"),
    path("me/again/passkey/", factors.PasskeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
    path("me/stay/", views.stay, name="stay"),
    path("me/password/", views.password, name="account_change_password"),
    path("me/second-factor/", factors.SetUpApp.as_view(), name="mfa_activate_totp"),
    path("me/second-factor/<int:factor_id>/remove/", factors.remove_factor_page, name="remove-factor"),
    path("me/passkeys/new/", factors.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("me/passkeys/<int:pk>/name/", factors.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
    path("me/again/own-sign-in/", own_sign_in.again_page, name="own_sign_in_again"),
    path("me/sign-in/<slug:sign_in>/", own_sign_in.connect_page, name="own_sign_in_connect"),
    path("me/recovery-codes/", factors.see_recovery_codes, name="mfa_view_recovery_codes"),
    path("me/recovery-codes/new/", factors.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("me/sessions/", factors.Sessions.as_view(), name="usersessions_list"),
]
