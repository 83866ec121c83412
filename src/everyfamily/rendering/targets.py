"""Where the addresses and numbers in a letter lead: only those in the letter itself, and nothing is guessed."""

from __future__ import annotations

from everyfamily.core.letter.letters import Letter


def web_targets(letter: Letter) -> dict[str, str]:
    """Web addresses and mailboxes as printed, each with its link."""
    targets = {letter.page: f"https://{letter.page}", letter.site: f"https://{letter.site}"}
    for mailbox in (letter.reply_mailbox, letter.enquiries.mailbox):
        targets[mailbox] = f"mailto:{mailbox}"
    for route in letter.routes:
        for address in filter(None, (route.url, route.form)):
            targets[address] = f"https://{address}"
        if route.email:
            targets[route.email] = f"mailto:{route.email}"
    return targets


def telephone_targets(letter: Letter) -> dict[str, str]:
    """Numbers of the route register as shown (groups joined by no-break spaces), each with its tel: link."""
    return {
        route.number.replace(" ", "\u00a0"): f"tel:{route.number.replace(' ', '')}"
        for route in letter.routes
        if route.number and route.number[0].isdigit()
    }
