"""Why somebody is sent to their own sign-in."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """What is done when they come back."""

    SIGN_IN = "sign in"
    AGAIN = "again"
    """They are signed in, and show once more that it is them."""
    CONNECT = "connect"
    """They are signed in, and want to use it instead of their password."""
    INVITATION = "invitation"
    """They have an invitation, and want no password."""
