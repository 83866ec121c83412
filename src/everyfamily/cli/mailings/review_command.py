"""The review of a letter, some weeks after it went."""

from __future__ import annotations

import json
from datetime import date, datetime

import click

from everyfamily.cli.console.options import by_option, json_option
from everyfamily.cli.console.shown import shown
from everyfamily.config.start import prepare
from everyfamily.core.accounting.letter_review import CHANGES, NOT_SAID, QUESTIONS, Review
from everyfamily.core.actors import Actor
from everyfamily.core.text.counts import of


@click.command()
@click.argument("reference")
@click.option(
    "--calls",
    type=(str, click.DateTime(["%Y-%m-%d"]), click.IntRange(0)),
    multiple=True,
    metavar="DOOR DAY COUNT",
    help="Calls because of the letter: to which route of it, in the week of which day, how many.",
)
@click.option(
    "--parent",
    "parents",
    multiple=True,
    metavar="ANSWERS",
    help="One parent's answers, one for each question in order, with commas. Give five to eight parents together.",
)
@click.option("--change", "changes", multiple=True, type=click.Choice(list(CHANGES)), help="What to change.")
@by_option("Who records it", required=False)
@json_option
def review(
    reference: str,
    calls: tuple[tuple[str, datetime, int], ...],
    parents: tuple[str, ...],
    changes: tuple[str, ...],
    by: Actor,
    as_json: bool,
) -> None:
    """See or add to the review of the letter REFERENCE: calls, answers of parents, what to change.

    Without options it shows what is recorded, the questions and their choices. Nothing about one parent is
    kept: only how many chose what.
    """
    prepare()
    from everyfamily.letters.queries import letter_by_id
    from everyfamily.mailings.actions.accounting.reviewing import record_review
    from everyfamily.mailings.installation import clock
    from everyfamily.mailings.queries.mailings import mailing_of_letter
    from everyfamily.mailings.queries.reviews import review_of

    mailing = mailing_of_letter(reference)
    if calls or parents or changes:
        counted = [(door, day.date(), count) for door, day, count in calls]
        found = record_review(mailing.id, calls=counted, parents=parents, changes=changes, by=by, now=clock.now())
    else:
        found = review_of(mailing.id)
    if as_json:
        click.echo(json.dumps(found.as_json() | {"complete": found.is_complete}, ensure_ascii=False))
        return
    doors = [route.id for route in letter_by_id(mailing.letter_id).routes]
    _print(reference, found, doors)


def _print(reference: str, found: Review, doors: list[str]) -> None:
    click.echo(f"Review of letter {reference}: {'complete' if found.is_complete else 'not complete'}.")
    click.echo()
    click.echo(f"Calls: {_calls(found) if found.calls else 'not counted yet'}")
    click.echo(shown(f"    --calls DOOR DAY COUNT, where DOOR is one of: {', '.join(doors)}"))
    click.echo(f"Parents: {of(found.parents, 'parent') if found.parents else 'not asked yet'}")
    for name, question in QUESTIONS.items():
        said = found.answers.get(name, {})
        choices = ", ".join(f"{choice} {said[choice]}" if said else choice for choice in question.choices)
        click.echo(f"    {question.words} {choices}")
    click.echo("    --parent yes,all,yes,yes,not-yet,prepared: a choice for each question, in this order")
    click.echo(f"    Give it for each of five to eight parents, with {NOT_SAID} where one did not say.")
    changes = "; ".join(CHANGES[one] for one in found.changes)
    click.echo(f"To change: {changes or 'nobody has said yet'}")
    for key, words in CHANGES.items():
        click.echo(f"    --change {key:<10} {words}")


def _calls(found: Review) -> str:
    weeks: dict[date, list[str]] = {}
    for (door, week), count in sorted(found.calls.items(), key=lambda one: (one[0][1], one[0][0])):
        weeks.setdefault(week, []).append(f"{count:,} to {door}")
    lines = [f"    week of {week:%-d %b %Y}: {', '.join(parts)}" for week, parts in weeks.items()]
    return "\n".join([f"{found.all_calls:,}", *lines])


COMMANDS: tuple[click.Command, ...] = (review,)
"""In the order of the help."""
