"""How a carrier says no. The kind decides what happens next, so each is its own exception."""

from __future__ import annotations

from everyfamily.core.errors import EveryfamilyError


class CarrierRefused(EveryfamilyError):
    """Temporary, and nothing was taken in: the same contact point may be tried later."""

    code = "EF601"


class ContactPointGone(EveryfamilyError):
    """Permanent: the contact point does not exist; fallback follows."""

    code = "EF602"


class CarrierBroken(EveryfamilyError):
    """Technical: our fault or the carrier's; the mailing pauses and a person is told."""

    code = "EF603"


class NotOnRehearsalList(CarrierBroken):
    """A rehearsal met an address that the coordinator's list does not have: nothing goes out, the mailing pauses."""

    code = "EF962"


class NoAnswer(EveryfamilyError):
    """The call left and no answer came: it may or may not have been taken in. The attempt is unknown."""

    code = "EF604"


class FeatureNotSupported(EveryfamilyError):
    """The message needs something that this carrier cannot say; refuse rather than drop it."""

    code = "EF605"


class AddressDoesNotFit(EveryfamilyError):
    """One address of a bundle does not fit the envelope's window; `index` is its place, from 0."""

    code = "EF606"

    def __init__(self, index: int) -> None:
        super().__init__("An address does not fit the envelope's window.", "Shorten it in the school's records.")
        self.index = index
