"""Dates as letters print them, without using the machine's locale."""

from __future__ import annotations

from datetime import date

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


def day_in_words(day: date) -> str:
    """ "17 March 2027"."""
    return f"{day.day} {month_in_words(day)}"


def month_in_words(day: date) -> str:
    """ "March 2027"."""
    return f"{_MONTHS[day.month - 1]} {day.year}"
