"""What a letter is called by its term, without its topic."""

from __future__ import annotations


def letter_of_term(term: str) -> str:
    """ "spring letter", from "spring term 2027" or "spring-2027": what a return is for, without its topic."""
    return f"{term.replace('-', ' ').split(' ', 1)[0].lower()} letter"
