"""Values of the environment, read once and refused with a sentence where they cannot be."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from everyfamily.core.errors import EveryfamilyError


class SettingNotRight(EveryfamilyError):
    """A variable of the environment has a value that it cannot have; the value itself may be a secret."""

    code = "EF503"


def number(environment: Mapping[str, str], name: str, default: float, *, least: float, most: float) -> float:
    """The number that a variable holds, else the default. Raises SettingNotRight."""
    raw = environment.get(name, "")
    if not raw:
        return default
    try:
        value = float(raw)
    except ValueError:
        value = float("nan")
    # What is no number is not within any bounds either.
    if not least <= value <= most:
        raise SettingNotRight(
            f"{name} is not a number from {least:g} to {most:g}.", f"Set it to one, or unset it for {default:g}."
        )
    return value


def word(environment: Mapping[str, str], name: str, words: Collection[str], default: str) -> str:
    """The one of some words that a variable holds, else the default. Raises SettingNotRight."""
    value = environment.get(name) or default
    if value not in words:
        raise SettingNotRight(
            f"{name} is none of: {', '.join(words)}.", f"Set it to one of them, or unset it for {default}."
        )
    return value


def shares(environment: Mapping[str, str], name: str) -> dict[str, float]:
    """Numbers by name, as in "silent=0.0004,delay=0.005". Raises SettingNotRight."""
    parts = [part.partition("=") for part in environment.get(name, "").split(",") if part]
    try:
        return {key: float(value) for key, _, value in parts}
    except ValueError as problem:
        raise SettingNotRight(
            f"{name} is not name=number, with commas between.", "Correct it, or unset it."
        ) from problem
