"""A mail domain as a body of the partnership names it. One at which anybody can have an address is no body's own."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import AfterValidator

from everyfamily.core.files.data_tables import load_table


@cache
def open_to_anybody() -> frozenset[str]:
    """Domains at which anybody can have an address."""
    return frozenset(load_table(__file__, "open_mail_domains.toml")["domains"])


def _mail_domain(value: str) -> str:
    from email_validator import EmailNotValidError, validate_email  # only a file that is read needs it

    try:
        domain = validate_email(f"x@{value}", check_deliverability=False, test_environment=True).domain
    except EmailNotValidError as error:
        raise ValueError("it is not what follows the @ of an email address, such as eastmere.gov.uk") from error
    if domain in open_to_anybody():
        raise ValueError("anybody can have an address there, so it does not say for whom somebody works")
    return domain


MailDomain = Annotated[str, AfterValidator(_mail_domain)]
"""What follows the @ in the addresses of a body's people, in the spelling of `Offer.email`."""
