"""Passwords of tests are stretched by scrypt, as those of people are, but hardly: a full one takes a fifth of a second.

Served pages of other processes know them all the same, because what was kept says how it was stretched.
"""

from __future__ import annotations

from django.contrib.auth.hashers import ScryptPasswordHasher

NAME = "tests.factories.quick_passwords.QuickScrypt"


class QuickScrypt(ScryptPasswordHasher):
    """scrypt with next to no work."""

    work_factor = 2
    parallelism = 1
