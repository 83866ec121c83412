"""How a carrier says no. The kind decides what happens next, so each has its own exception."""

from __future__ import annotations

from everyfamily.core.errors import EveryfamilyError


class CarrierRefused(EveryfamilyError):
    """Temporary, and nothing was accepted: the same contact point can be tried later."""

    code = "EF601"


class ContactPointGone(EveryfamilyError):
    """Permanent: the contact point does not exist, and fallback follows."""

    code = "EF602"


class CarrierBroken(EveryfamilyError):
    """Technical: our fault or the carrier's. The mailing pauses and a person is told."""

    code = "EF603"


class NotOnRehearsalList(CarrierBroken):
    """A rehearsal met an address that is not on the coordinator's list. Nothing is sent, and the mailing pauses."""

    code = "EF962"


class NoAnswer(EveryfamilyError):
    """The call left and no answer came, so the message may or may not have been accepted. The attempt is unknown."""

    code = "EF604"


class FeatureNotSupported(EveryfamilyError):
    """The message needs something that this carrier cannot do. Refuse it rather than drop that part."""

    code = "EF605"


class AddressDoesNotFit(EveryfamilyError):
    """One address of a bundle does not fit the envelope's window. `index` is its position, from 0."""

    code = "EF606"

    def __init__(self, index: int) -> None:
        super().__init__("An address does not fit the envelope's window.", "Shorten it in the school's records.")
        self.index = index
