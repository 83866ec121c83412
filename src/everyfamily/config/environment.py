"""Values of the environment, read once and refused with a sentence if they are not valid."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Mapping
from pathlib import Path

from everyfamily.core.errors import EveryfamilyError


class SettingNotRight(EveryfamilyError):
    """An environment variable has a value that is not valid. The value itself may be a secret."""

    code = "EF503"


def number(environment: Mapping[str, str], name: str, default: float, *, least: float, most: float) -> float:
    """The number that a variable holds, or the default. Raises SettingNotRight."""
    raw = environment.get(name, "")
    if not raw:
        return default
    try:
        value = float(raw)
    except ValueError:
        value = float("nan")
    # NaN is not within any bounds either.
    if not least <= value <= most:
        raise SettingNotRight(
            f"{name} is not a number from {least:g} to {most:g}.", f"Set it to one, or unset it for {default:g}."
        )
    return value


def word(environment: Mapping[str, str], name: str, words: Collection[str], default: str) -> str:
    """The value of a variable, which must be one of some words, or the default. Raises SettingNotRight."""
    value = environment.get(name) or default
    if value not in words:
        raise SettingNotRight(
            f"{name} is none of: {', '.join(words)}.", f"Set it to one of them, or unset it for {default}."
        )
    return value


def shares(environment: Mapping[str, str], name: str) -> dict[str, float]:
    """Numbers by name, such as "silent=0.0004,delay=0.005". Raises SettingNotRight."""
    parts = [part.partition("=") for part in environment.get(name, "").split(",") if part]
    try:
        return {key: float(value) for key, _, value in parts}
    except ValueError as problem:
        raise SettingNotRight(
            f"{name} is not name=number, with commas between.", "Correct it, or unset it."
        ) from problem


def secret(environment: Mapping[str, str], name: str) -> str:
    """A secret from the variable, or from the first line of the file that NAME_FILE names. "" if neither is set.

    Raises SettingNotRight if both are set, and for a file that cannot be read or that others on this machine may read.
    """
    file = _file_of(environment, name)
    return secret_in(file, f"{name}_FILE") if file else environment.get(name, "")


def secrets_of(environment: Mapping[str, str], name: str) -> list[str]:
    """The same for several secrets, one a line. Raises SettingNotRight as `secret` does."""
    file = _file_of(environment, name)
    return _secrets_in(file, f"{name}_FILE") if file else _lines(environment.get(name, ""))


def secret_in(file: str, named_by: str) -> str:
    """The first line of a private file. `named_by` is what names it, for the error. Raises SettingNotRight."""
    return _secrets_in(file, named_by)[0]


def _file_of(environment: Mapping[str, str], name: str) -> str:
    file = environment.get(f"{name}_FILE", "")
    if file and environment.get(name):
        raise SettingNotRight(f"{name} and {name}_FILE are both set.", "Unset one of them.")
    return file


def _secrets_in(file: str, named_by: str) -> list[str]:
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, encoding="utf-8") as opened:
            found = os.fstat(opened.fileno())
            values = _lines(opened.read(_MOST_OF_SECRETS)) if stat.S_ISREG(found.st_mode) else []
    except (OSError, UnicodeDecodeError):
        raise SettingNotRight(f"The file that {named_by} names cannot be read.", "Correct its path.") from None
    if found.st_mode & 0o077:
        raise SettingNotRight(
            f"Others on this machine may read the file that {named_by} names.",
            f"Close it to them: chmod 600 {Path(file).name}",
        )
    if not values:
        raise SettingNotRight(
            f"There is no password or key in the file that {named_by} names.", "Write it on the first line."
        )
    return values


def _lines(text: str) -> list[str]:
    return [line for one in text.split("\n") if (line := one.rstrip("\r"))]


_MOST_OF_SECRETS = 10_000
