"""Which addresses the people of a body have, so that nobody is invited to act for it at an address of their own."""

from __future__ import annotations

from everyfamily.core.invitations import NotInvitable, Offer
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.permissions import SCOPES, Scope


class AddressNotOfBody(NotInvitable):
    """An address that is in no mail domain of those whom the person would act for."""

    code = "EF440"


def require_address_of_body(offer: Offer, partnership: Partnership) -> None:
    """Raise AddressNotOfBody if the address of an offer is not in a domain of the body that the role is for, or for a
    role of the whole partnership in one of any body. It is that domain exactly: below one, others may give out names.

    Where a body names none, any address goes. Roles at schools are not asked.
    """
    if SCOPES[offer.role] is Scope.SCHOOL:
        return
    of = next((who.body for who in partnership.signatories if who.id == offer.body), None)
    bodies = [body for body in partnership.bodies if of in (None, body.id)]
    if not all(body.mail_domains for body in bodies):
        return
    domains = dict.fromkeys(domain for body in bodies for domain in body.mail_domains)
    if offer.email.rpartition("@")[2] not in domains:
        whose = bodies[0].name if of is not None else "any body of the partnership"
        raise AddressNotOfBody(
            f"The address is not in a mail domain of {whose}.",
            f"Give their work email, which ends in {' or '.join('@' + domain for domain in domains)}. If that is "
            "wrong, change the domains in the settings first.",
            "email",
        )
