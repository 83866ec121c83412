"""What Django asks of a password beside its length and a list of common ones."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from everyfamily.core.keys.passphrases import is_guessed_first


class NotGuessedFirst:
    """Refuses a password of which little is left without the words that everybody here would try first."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError."""
        if is_guessed_first(password):
            raise ValidationError(
                "This password is made of words that everybody tries first.", code="guessed first"
            )

    def get_help_text(self) -> str:
        """For a form."""
        return "Not with words such as school, council, police or safeguarding, and little else."
