"""Dates as letters print them, without using the machine's locale."""

from __future__ import annotations

from datetime import date, time

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day_with_weekday(day: date) -> str:
    """ "Friday 12 March": of days that are only weeks away, so the year is left out."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def time_in_words(at: time) -> str:
    """ "9am", "2:12pm", "midday", "midnight"."""
    if at.minute == 0 and at.hour % 12 == 0:
        return "midday" if at.hour else "midnight"
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def day_in_words(day: date) -> str:
    """ "17 March 2027"."""
    return f"{day.day} {month_in_words(day)}"


def month_in_words(day: date) -> str:
    """ "March 2027"."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def month_of(word: str) -> int:
    """3 for "March" or "mar". 0 for what names no month."""
    begin = word[:3].casefold()
    found = (at for at, name in enumerate(_MONTHS, start=1) if name.casefold().startswith(begin))
    return next(found, 0) if len(begin) == 3 else 0
