"""everyfamily read-aloud: the words of a letter for the person who records them."""

from __future__ import annotations

from pathlib import Path

import click

from everyfamily.cli.console.shown import shown
from everyfamily.letters.files.folder import read_record
from everyfamily.letters.files.proof import letter_in
from everyfamily.parentsite.recordings import usual_minutes, words_digest, words_to_read

_folder = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command(name="read-aloud")
@click.argument("letter", type=_folder)
@click.option("--language", default="en", show_default=True, help="One of the letter's languages.")
def read_aloud(letter: Path, language: str) -> None:
    """Print the words of a LETTER for the person who reads them aloud, and what to write beside the recording.

    `site --recordings` puts the recording on the letter's page (docs/howto/record-a-letter.md).
    """
    made = letter_in(read_record(letter))
    if language not in made.texts:
        raise click.BadParameter(f"The letter is in {', '.join(sorted(made.texts))}.", param_hint="--language")
    click.echo(shown(words_to_read(made, language)))
    minutes = usual_minutes(made, language)
    click.echo(f"About {minutes} minutes. Save it as {made.reference}.{language}.mp3, and beside it")
    click.echo(f"{made.reference}.{language}.toml:")
    click.echo('\nread_by = "…"')
    click.echo('heard_by = "…"    # a second person, who listened to all of it with these words in their hand')
    click.echo(f'words_digest = "{words_digest(made, language)}"')
