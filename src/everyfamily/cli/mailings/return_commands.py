"""Returns of schools that send for themselves: links, reminders, the page."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from everyfamily.cli.console.options import by_option, json_option, school_option
from everyfamily.cli.console.unusable_paths import one_address, require_address
from everyfamily.cli.hints import in_words
from everyfamily.config.environment import SettingNotRight
from everyfamily.config.hosts import base_host
from everyfamily.config.log_lines import keep_words_out_of_crashes
from everyfamily.config.security_log import this_is_a_service
from everyfamily.config.start import prepare, prepare_pages
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError

if TYPE_CHECKING:
    from everyfamily.core.next_steps import Step
    from everyfamily.mailings.queries.returns import SchoolStanding

_by = by_option("Who acts", required=False)
_reference = click.option("--reference", required=True, help="The letter's reference.")
_base_url = click.option(
    "--base-url",
    default=lambda: os.environ.get("EVERYFAMILY_BASE_URL", ""),
    help="Where schools reach the page, such as https://letters.example.org. If not given, EVERYFAMILY_BASE_URL.",
)
_day = click.DateTime(["%Y-%m-%d"])


class BaseUrlMissing(EveryfamilyError):
    """Nobody said at which address the schools reach the page."""

    code = "EF537"


@click.group()
def returns() -> None:
    """Manage the returns: the counts of schools that send the letter themselves."""


@returns.command(name="open")
@_reference
@click.option("--due", type=_day, required=True, help="Day when returns are due.")
@click.option("--closes", type=_day, required=True, help="Last day to file and correct them.")
@_base_url
@click.option("--print-links", is_flag=True, help="Print each school's link, to hand it over by another way.")
@_by
@json_option
def open_(
    reference: str, due: datetime, closes: datetime, base_url: str, print_links: bool, by: Actor, as_json: bool
) -> None:
    """Set when returns are due, and make a link for each school that sends the letter itself. This sends
    nothing, and you can repeat it.

    Links are secrets of the schools. If you use --print-links, keep the links out of files and chats.
    """
    prepare()
    from everyfamily.mailings.actions.returns.return_links import open_returns
    from everyfamily.mailings.installation.return_tokens import address_of, require_secret_key
    from everyfamily.mailings.queries.mailings import mailing_of_letter
    from everyfamily.mailings.queries.returns import return_standings

    require_secret_key()
    if print_links:
        _require_base_url(base_url)
    now = datetime.now(UTC)
    mailing = mailing_of_letter(reference)
    opened = open_returns(mailing.id, due_on=due.date(), close_on=closes.date(), by=by, now=now)
    if as_json:
        click.echo(json.dumps(asdict(opened)))
    else:
        click.echo(
            f"Schools that send themselves: {opened.schools}. New links: {opened.links_made}; with another last day: "
            f"{opened.links_moved}."
        )
        if opened.no_mailbox:
            click.echo(f"Without a mailbox: {opened.no_mailbox}. `everyfamily returns status` lists them.")
    if print_links:
        for school in return_standings(mailing.id):
            if school.code is not None:
                click.echo(f"{school.urn}\t{address_of(base_url, school.code)}", err=as_json)


@returns.command()
@_reference
@json_option
def status(reference: str, as_json: bool) -> None:
    """Show the state of each school's return, and never its numbers."""
    prepare()
    from everyfamily.mailings.queries.mailings import mailing_of_letter
    from everyfamily.mailings.queries.return_steps import next_step
    from everyfamily.mailings.queries.returns import return_standings, returns_of

    now = datetime.now(UTC)
    days = returns_of(mailing_of_letter(reference).id)
    schools = return_standings(days.mailing_id)
    states = Counter(school.state for school in schools)
    if as_json:
        figures = {
            "reference": reference,
            "due_on": days.due_on.isoformat(),
            "close_on": days.close_on.isoformat(),
            "schools": len(schools),
            "filed": states["filed"],
            "corrected": states["corrected"],
            "to_look_at": states["to look at"],
            "missing": states["missing"],
            "not_expected": states["not expected"],
            "no_mailbox": sum(not school.mailbox and not school.is_closed for school in schools),
            "list": [_line(school, next_step(school, now), now) for school in schools],
        }
        click.echo(json.dumps(figures, ensure_ascii=False))
        return
    click.echo(f"Due {days.due_on}, open until {days.close_on}. Schools that send themselves: {len(schools)}.")
    for state in ("filed", "corrected", "to look at", "missing", "not expected"):
        click.echo(f"  {state}: {states[state]}")
    for school in schools:
        if step := next_step(school, now):
            click.echo(f"  {school.urn} {school.name}: {in_words(step)}")


@returns.command()
@_reference
@school_option
@_by
def revoke(reference: str, urn: int, by: Actor) -> None:
    """End a school's link at once, for example when it was forwarded. What was filed stays."""
    prepare()
    from everyfamily.mailings.actions.returns.return_links import revoke_link

    mailing_id, school_id = _mailing_and_school(reference, urn)
    ended = revoke_link(mailing_id, school_id, by=by, now=datetime.now(UTC))
    click.echo("The link has ended." if ended else "The school had no open link.")


@returns.command()
@_reference
@school_option
@_by
def renew(reference: str, urn: int, by: Actor) -> None:
    """Give a school a new link, and end the old one. The new link goes to the school's mailbox in the next
    office hours."""
    prepare()
    from everyfamily.mailings.actions.returns.return_links import renew_link

    mailing_id, school_id = _mailing_and_school(reference, urn)
    renew_link(mailing_id, school_id, by=by, now=datetime.now(UTC))
    click.echo("The school has a new link; the old one has ended.")


@returns.command()
@_reference
@school_option
@_by
def confirm(reference: str, urn: int, by: Actor) -> None:
    """Say that a return to look at is right, after you have asked the school. Its numbers stay as they are, and
    you do not see them."""
    prepare()
    from everyfamily.mailings.actions.returns.returns import confirm_return

    mailing_id, school_id = _mailing_and_school(reference, urn)
    confirmed = confirm_return(mailing_id, school_id, by=by, now=datetime.now(UTC))
    click.echo("The return is confirmed." if confirmed else "This school has no return to look at.")


@returns.command()
@click.option("--reference", help="Only this letter. If not given, every mailing whose returns are open.")
@_base_url
@json_option
def remind(reference: str | None, base_url: str, as_json: bool) -> None:
    """Send the links and reminders that are due now, in school days and office hours. The worker does it too."""
    prepare()
    from everyfamily.core.calendar.sending_window import LONDON
    from everyfamily.mailings.actions.guards.tripwire import require_not_put_back
    from everyfamily.mailings.actions.returns.reminders import remind_schools
    from everyfamily.mailings.edges.post_to_schools import post_to_schools
    from everyfamily.mailings.queries.mailings import mailing_of_letter
    from everyfamily.mailings.queries.returns import mailings_with_returns

    _require_base_url(base_url)
    # Links that were ended after the restored moment would be valid again, and would be sent again.
    require_not_put_back()
    now = datetime.now(UTC)
    chosen = mailings_with_returns(now.astimezone(LONDON).date())
    if reference is not None:
        chosen = [mailing_of_letter(reference).id]
    done = [remind_schools(mailing_id, post_to_schools(base_url), now) for mailing_id in chosen]
    figures = {
        name: sum(getattr(run, name) for run in done) for name in ("sent", "failed", "unknown", "no_mailbox")
    }
    broken = any(run.broken for run in done)
    if as_json:
        click.echo(json.dumps(figures | {"broken": broken}))
    else:
        click.echo(
            f"Sent: {figures['sent']}; failed: {figures['failed']}; not known whether it went: {figures['unknown']}; "
            f"no mailbox: {figures['no_mailbox']}."
        )
        if not any(figures.values()):
            click.echo(
                "Nothing was due: letters go in office hours on school days, to schools that have a link and have not "
                "filed."
            )
    if broken:
        click.echo("The mail server refuses us, so the run stopped. Check its settings and its log.", err=True)
        raise SystemExit(1)


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000)
@click.option(
    "--bind", default="127.0.0.1", help="Address to listen on. Leave it as it is behind a proxy on this machine."
)
@click.option(
    "--proxy",
    default="127.0.0.1",
    callback=one_address,
    help="The one address of the proxy whose X-Forwarded-For, -Proto and -Host are believed.",
)
def web(port: int, bind: str, proxy: str) -> None:
    """Serve the pages for schools. A proxy in front of it does TLS (docs/howto/run-the-return-page.md)."""
    require_address(bind, port)
    this_is_a_service()
    prepare_pages()
    keep_words_out_of_crashes()
    from django.conf import settings

    from everyfamily.config.serving import server_of, trusting

    if settings.EVERYFAMILY_SEALING_KEY_FILE:
        raise SettingNotRight(
            "EVERYFAMILY_SEALING_KEY_FILE is set for the process that serves the pages.",
            "Set it only for a worker for screens, so that nobody who takes over the pages can seal a letter.",
        )
    from everyfamily.config.wsgi import application

    # Like Ctrl-C: a service manager stops it with SIGTERM, and the embedded database must be stopped with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    click.echo(f"The pages answer on http://{bind}:{port}. Ctrl-C stops them.", err=True)
    # waitress writes no log of requests, because the address of a return is a secret.
    server_of(application, host=bind, port=port, **trusting(proxy)).run()


def _require_base_url(base_url: str) -> None:
    if not base_url:
        raise BaseUrlMissing(
            "The address where schools reach the page is not set.",
            "Give --base-url, or set EVERYFAMILY_BASE_URL, to https:// and its host.",
        )
    base_host(base_url)


def _mailing_and_school(reference: str, urn: int) -> tuple[int, int]:
    from everyfamily.mailings.queries.mailings import mailing_of_letter
    from everyfamily.people.queries import school_by_urn

    return mailing_of_letter(reference).id, school_by_urn(urn).id


def _line(school: SchoolStanding, step: Step | None, now: datetime) -> dict[str, object]:
    return {
        "urn": school.urn,
        "name": school.name,
        "state": school.state,
        "doubts": list(school.doubts),
        "mailbox": bool(school.mailbox),
        "link": school.has_link(now),
        "reminders": dict(school.reminders),
        "next": in_words(step) if step is not None else "",
    }


COMMANDS: tuple[click.Command, ...] = (returns, web)
"""In the order of the help."""
