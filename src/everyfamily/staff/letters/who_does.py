"""Who does something that the reader of a page may not do: by role and by name, so that they know whom to ask."""

from __future__ import annotations

from everyfamily.accounts.queries import names_with
from everyfamily.core.permissions import Right, role_name, roles_with
from everyfamily.core.text.name_lists import joined_names

_NAMED = 3
"""People who are named. More would not be read."""


def who_does(right: Right, what: str) -> str:
    """ "An author or a coordinator can change them: Tom Rydal and Rosa Adeyemi." `what` is what they can do."""
    roles = " or ".join(_with_article(role_name(role).lower()) for role in roles_with(right))
    names = names_with(right)
    can = f"{roles[:1].upper()}{roles[1:]} can {what}"
    if not names:
        return f"{can}. Nobody has that role yet: the administrator invites somebody."
    more = ["others"] if len(names) > _NAMED else []
    return f"{can}: {joined_names([*names[:_NAMED], *more])}."


def _with_article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
