"""What is kept of a password is dear to guess. Tests of pages stretch theirs less (factories/quick_passwords.py)."""

from __future__ import annotations

from django.contrib.auth.hashers import ScryptPasswordHasher

from everyfamily.config import settings


def test_passwords_are_stretched_in_full() -> None:
    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    # OWASP's least: 16 MiB, five times over.
    assert ScryptPasswordHasher.work_factor >= 2**14
    assert ScryptPasswordHasher.block_size >= 8
    assert ScryptPasswordHasher.parallelism >= 5
