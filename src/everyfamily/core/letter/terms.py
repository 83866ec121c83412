"""What a letter is called by its term, without its topic."""

from __future__ import annotations


def letter_of_term(term: str) -> str:
    """ "spring letter", from "spring term 2027" or "spring-2027": what a return is for, without its topic. "second
    spring letter", from "spring term 2027, second letter"."""
    name, _, which = term.replace("-", " ").lower().partition(", ")
    ordinal = which.removesuffix("letter")
    return f"{ordinal}{name.split(' ', 1)[0]} letter"


def letter_name(term: str, follows_as: str) -> str:
    """ "Spring letter", "Correction of the spring letter": how a school tells its letters apart. `follows_as` is
    "correction", "replacement" or "joiners", or blank."""
    name = letter_of_term(term)
    if follows_as == "correction":
        return f"Correction of the {name}"
    return f"{name[:1].upper()}{name[1:]}{_AS.get(follows_as, '')}"


_AS = {"replacement": ", sent again without the mistake", "joiners": ", for children who joined since"}
