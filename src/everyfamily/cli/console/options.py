"""Options that many commands share, so that they have one name, one type and one sentence of help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from everyfamily.cli.console.who_acts import named, operator

json_option = click.option("--json", "as_json", is_flag=True, help="Print only one JSON value.")
school_option = click.option("--school", "urn", type=int, required=True, help="The school's URN.")


def by_option(who: str, *, required: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The person who acts; `who` begins the help, such as "Who decides". If not required, whoever is logged in."""
    default: dict[str, Any] = {} if required else {"default": operator}
    return click.option(
        "--by", required=required, callback=named, help=f"{who}. Shown in the audit trail.", **default
    )
