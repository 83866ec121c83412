"""Two addresses lead to one mailbox as their table says."""

from __future__ import annotations

from everyfamily.core.contacts.same_mailbox import mailbox_of
from tests.factories.each import each
from tests.spec.tables import table

TABLE = table("same_mailbox")


def address(written: str) -> str:
    """An address of the table; one of a real provider is written so that nobody's is in the repository."""
    return written.replace(" at ", "@")


ROWS = [
    (address(row["mailbox"]), address(spelling), are == "same")
    for are, rows in TABLE.items()
    for row in rows
    for spelling in row["spellings"]
]


@each("shut, other, same", ROWS)
def test_two_mailboxes_are_what_the_table_says(shut: str, other: str, same: bool) -> None:
    assert (mailbox_of(shut) == mailbox_of(other)) is same


def test_a_label_that_is_no_punycode_stays_as_it_is() -> None:
    assert mailbox_of("post@xn--\u00e9.example") != mailbox_of("post@other.example")
    assert mailbox_of("post@xn--99999999999.example") == "post@xn--99999999999.example"
