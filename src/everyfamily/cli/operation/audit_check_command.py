"""`everyfamily audit-check`: is the audit trail as it was written?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from everyfamily.cli.console.private_files import write_private
from everyfamily.config.start import prepare
from everyfamily.core.audit_chain import Head, digest_of_heads, write_heads
from everyfamily.core.text.counts import of

_BROKEN = 1


@click.command("audit-check")
@click.option(
    "--expect",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Heads noted earlier: also say whether the end of a chain was cut off since.",
)
@click.option(
    "--write-heads",
    "heads_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Note the heads in this file. Keep it away from the database.",
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Leave out what was found before this day, because a person has looked at it.",
)
def audit_check(expect: Path | None, heads_file: Path | None, since: datetime | None) -> None:
    """Prove that nobody has changed or removed an event of the audit trail, or name the first that was.

    Each event holds a digest of the one before, in one chain for each school and one for the partnership. A chain whose
    end was cut off looks whole, so each check notes the heads outside the database and compares with what the last one
    noted. Keep a note of your own elsewhere too (--write-heads, --expect).

    It also names each change of who may come in (password, second factor, role, invitation) that no act of the product
    explains, and each event whose time is not that of the database. Exit code 1: something does not hold.
    """
    prepare()
    from everyfamily.cli.operation.noted_heads import heads_in, note_heads, noted_heads
    from everyfamily.reports.audit_chains import follow_every_chain, older_than_the_chain

    expected = heads_in(expect) if expect else noted_heads()
    heads: dict[str, Head] = {}
    broken = 0
    for followed in follow_every_chain(expected):
        heads[followed.name] = followed.chain.head
        if followed.fault:
            broken += 1
            click.echo(followed.fault)
    if broken:
        click.echo(
            f"{broken} of {len(heads)} chains are broken. Everything before each break is as it was written."
        )
    if _say_what_came_past(since) or broken:
        click.echo(
            "Keep the database as it is, and tell the person who looks after security (SECURITY.md).", err=True
        )
        raise SystemExit(_BROKEN)
    events = sum(head.count for head in heads.values())
    click.echo(
        f"The audit trail is intact: {events} events in {sum(head.count > 0 for head in heads.values())} chains."
    )
    click.echo(f"Head of all chains: {events} {digest_of_heads(heads)}")
    if older := older_than_the_chain():
        click.echo(f"{older} of them are older than the chains, and are proven only since the chains began.")
    if heads_file is not None:
        write_private(heads_file, write_heads(heads))
        click.echo("The heads are noted. Keep the file where nobody who runs the database can write.")
    if (place := note_heads(heads)) is not None:
        click.echo(f"The next check compares with what is noted in {place}.")
    elif heads_file is None and not expect:
        click.echo(
            "To see later whether an end was cut off, note the heads: --write-heads FILE, then --expect FILE."
        )


def _say_what_came_past(since: datetime | None) -> int:
    """Name what somebody wrote who got past the product; returns how much that is."""
    from everyfamily.reports.audit_chains import past_the_product

    sentences = list(past_the_product((since or datetime.fromtimestamp(0, UTC)).replace(tzinfo=UTC)))
    for sentence in sentences:
        click.echo(sentence)
    if sentences:
        click.echo(f"{of(len(sentences), 'row')} came in past the product: somebody wrote them in the database.")
    return len(sentences)
