"""Who may touch the tables of accounts, of sign-in and of sessions: the app, and never the planner."""

from __future__ import annotations

_READ_AND_WRITE = ("accounts_account", "accounts_membership", "accounts_invitation")
_ALSO_DELETE = (
    "django_session",
    "account_emailaddress",
    "account_emailconfirmation",
    "mfa_authenticator",
    "usersessions_usersession",
)

SQL = "\n".join(
    (
        *(f"GRANT SELECT, INSERT, UPDATE ON {table} TO everyfamily_app;" for table in _READ_AND_WRITE),
        *(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO everyfamily_app;" for table in _ALSO_DELETE),
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;",
    )
)

SQL_OF_THE_DESK = """
GRANT SELECT, INSERT ON accounts_noticeseen TO everyfamily_app;
GRANT SELECT, INSERT, UPDATE ON accounts_deskmail TO everyfamily_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;
"""
"""For the migration of the desk: what somebody has seen, and the mail about what waits for them."""

OWN_SIGN_IN_SQL = "\n".join(
    (
        "GRANT SELECT, INSERT, UPDATE, DELETE ON socialaccount_socialaccount TO everyfamily_app;",
        # No token of anybody is kept. Django looks there before it ends a connection.
        "GRANT SELECT, DELETE ON socialaccount_socialtoken TO everyfamily_app;",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;",
    )
)

SUSPENSIONS_SQL = """
GRANT SELECT, INSERT, UPDATE ON accounts_suspension TO everyfamily_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;
"""

MAILBOXES_SQL = """
GRANT SELECT, INSERT, UPDATE ON accounts_schoolmailbox TO everyfamily_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;
"""

INVITATION_MAIL_SQL = """
GRANT SELECT, INSERT, UPDATE ON accounts_invitationmail TO everyfamily_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;
"""

SCHOOLS_SQL = "\n".join(
    (
        *(
            f"GRANT SELECT, INSERT, UPDATE ON {table} TO everyfamily_app;"
            for table in ("accounts_schoolinvitation", "accounts_reset", "accounts_schoolmail")
        ),
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;",
    )
)
"""The tables of how a school's people are let in."""
