"""What a person does about a school's return, in words. Never its numbers."""

from __future__ import annotations

from datetime import datetime

from everyfamily.core.next_steps import Next, Step
from everyfamily.mailings.queries.returns import SchoolStanding


def next_step(school: SchoolStanding, now: datetime) -> Step | None:
    """What a person does about the school, or None if there is nothing to do."""
    values = {"urn": school.urn}
    if school.state == "to look at":
        return Step(
            "return to look at: ring the school and ask whether its numbers are right. If they are not, the school "
            "corrects them with its link; if they are, confirm the return",
            Next.CONFIRM_RETURN,
            values,
        )
    if school.not_expected_because:
        return Step(f"no return is expected: {school.not_expected_because}")
    if school.state != "missing":
        return None
    if not school.has_link(now):
        return Step("no open link: give it a new one", Next.RENEW_LINK, values)
    if not school.mailbox:
        return Step(
            "no mailbox: add a role's address to the school, or hand its link over by another way",
            Next.HAND_LINK_OVER,
            values,
        )
    last = school.last_reminder[1] if school.last_reminder else ""
    if last == "permanent-failure":
        return Step("its mailbox does not exist: correct the address")
    if last == "unknown":
        return Step("not known whether its last letter went: ring the school office")
    return Step("missing")
