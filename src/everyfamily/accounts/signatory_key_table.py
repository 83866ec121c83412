"""Keys of signatories that were made in a browser. models.py includes the table in the app's."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class SignatoryKey(models.Model):
    """A passkey with which somebody approves letters for a body. What makes it that key never changes: the database
    refuses it (sql/signatory_keys_sql.py). It is no way to sign in.

    A row by itself counts for nothing. A letter's approval counts by what the letter's own record says of its
    signatories' keys.
    """

    signatory = models.CharField(max_length=60)
    """The signatory's id in the partnership's file."""
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    """Whose device it is on."""
    label = models.CharField(max_length=40)
    credential_id = models.CharField(max_length=1400, unique=True)
    """As the browser names it, in base64 for addresses."""
    public_key = models.CharField(max_length=800, unique=True)
    """Base64 of its SubjectPublicKeyInfo (DER)."""
    rp_id = models.CharField(max_length=253)
    """The host for which it was made."""
    may_be_copied = models.BooleanField()
    """A service may copy it to the person's other devices."""
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    confirmed_account = models.ForeignKey(
        "accounts.Account", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """A second person of the same body, who compared its fingerprint by phone."""
    confirmed_by = models.CharField(max_length=80, blank=True, default="")
    confirmed_at = models.DateTimeField(null=True)
    endorsement = models.TextField(blank=True, default="")
    """JSON: the signature over it of a key of the same body that counts already. Blank without one."""
    ended_by = models.CharField(max_length=80, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_account__isnull=True, confirmed_by="", confirmed_at__isnull=True)
                | (
                    Q(confirmed_account__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by="")
                    & ~Q(confirmed_account=F("account"))
                ),
                name="signatory_key_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"key {self.pk} of {self.signatory}"
