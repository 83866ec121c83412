"""Coverage as files and on the terminal; what is shown is decided below (core/accounting/disclosure.py)."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import click
from rich.console import Console

from everyfamily.cli.accounts.summary import coverage_table, news_json, summary_json
from everyfamily.cli.console.shown import of
from everyfamily.cli.console.shown import shown as plain
from everyfamily.cli.hints import in_words
from everyfamily.core.accounting.account_record import LateNews, ShownNews, disclose_news
from everyfamily.core.accounting.disclosure import disclose
from everyfamily.core.accounting.published import Disclosed
from everyfamily.core.files.whole_files import AS_USUAL, written
from everyfamily.core.letter.letters import Letter
from everyfamily.letters.queries import letter_by_id
from everyfamily.mailings.queries.health import health
from everyfamily.mailings.queries.health_steps import nobody_works
from everyfamily.mailings.queries.mailings import (
    MailingFacts,
    first_mailing_of_letter,
    latest_mailing,
    schools_paused,
)
from everyfamily.reports import wording
from everyfamily.reports.accounts import account_for, newest_news
from everyfamily.reports.csv_file import coverage_csv
from everyfamily.reports.page import coverage_page
from everyfamily.reports.queries import city_coverage


def show_coverage(
    *,
    reference: str | None,
    html: Path | None,
    csv_file: Path | None,
    as_json: bool,
    live: bool,
    now: datetime,
) -> None:
    """Account for the mailing of a letter, or for the mailing that began last, as of `now`.

    Terminal and JSON are for the operator and live. Page and table are for the partnership. They show the day's
    account, which is written once, unless `live` is set.
    """
    mailing = first_mailing_of_letter(reference) if reference else latest_mailing(now)
    letter = letter_by_id(mailing.letter_id)
    written: dict[str, str] = {}
    account_of: datetime | None = None
    if html is not None or csv_file is not None:
        if live:
            written = write_coverage(disclose(city_coverage(mailing.id, now)), letter, page=html, table=csv_file)
        else:
            account = account_for(mailing.id, now)
            account_of = account.shown.at
            written = write_coverage(
                account.shown,
                letter,
                page=html,
                table=csv_file,
                next_update=account.next_at,
                news=account.news,
            )
    city = city_coverage(mailing.id, now)
    news = newest_news(mailing.id)
    if as_json:
        found = summary_json(city, paths=written)
        click.echo(json.dumps(found | news_json(news), ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.print(f"Letter {letter.reference}, {letter.english.title.text}, {letter.term}", style="bold")
    coverage_table(console, city)
    _say_news(news)
    _say_what_is_stopped(mailing, letter.reference)
    if mailing.state == "open":
        _say_who_works()
    if account_of is not None:
        click.echo(
            f"The files have the account of {wording.moment(account_of)}, which is the same all day. The "
            "figures above are as of now."
        )


def _say_news(news: LateNews | None) -> None:
    shown = disclose_news(news, exact=True)
    if shown is not None:
        click.echo(wording.news_sentence(shown))


def _say_what_is_stopped(mailing: MailingFacts, reference: str) -> None:
    if mailing.state == "paused":
        click.echo(f"This mailing is paused and sends nothing. {plain(mailing.paused_reason)}")
        click.echo(f'  When the problem is solved: everyfamily resume --reference {reference} --by "First Last"')
    if mailing.state == "withdrawn":
        click.echo(f"This letter is withdrawn, and is no longer sent. {plain(mailing.paused_reason)}")
    for urn in schools_paused(mailing.id):
        click.echo(f"School {urn} is paused in it. To resume it:")
        click.echo(f'  everyfamily resume --reference {reference} --school {urn} --by "First Last"')


def _say_who_works() -> None:
    """If no worker is alive, or waves have not begun, say so, because nothing above changes by itself."""
    state = health()
    if state.is_unattended:
        click.echo(in_words(nobody_works(state.workers)))
    if state.not_begun:
        click.echo(
            f"{of(len(state.not_begun), 'school')} should have begun and did not: everyfamily health says which."
        )


def write_coverage(
    shown: Disclosed,
    letter: Letter,
    *,
    page: Path | None,
    table: Path | None,
    term_ends: date | None = None,
    next_update: datetime | None = None,
    news: ShownNews | None = None,
) -> dict[str, str]:
    """Write the page and the table if a path is given, each completely or not at all. Returns the paths."""
    written = {}
    if page is not None:
        text = coverage_page(
            shown,
            area=letter.partnership,
            letter_title=letter.english.title.text,
            term=letter.term,
            next_update=next_update,
            demonstration=letter.demonstration,
            term_ends=term_ends,
            news=news,
        )
        written["coverage"] = _write(page, text)
    if table is not None:
        text = coverage_csv(
            shown,
            area=letter.partnership,
            letter_title=letter.english.title.text,
            term=letter.term,
            demonstration=letter.demonstration,
            term_ends=term_ends,
            news=news,
        )
        written["csv"] = _write(table, text)
    return written


def _write(path: Path, text: str) -> str:
    with written(path, mode=AS_USUAL) as file:
        file.write(text.encode())
    return str(path)
