"""What the harm family says of the letter that started this, told again in our own words."""

from __future__ import annotations

from collections import Counter

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.run.runner import run
from tests.factories.documents import make_document
from tests.factories.letters import TODAY

OLD_LETTER = (
    "# Child sexual exploitation: a guide for every home",
    "Dear Parent/Carer",
    "The council and the police write to you together. The numbers of children harmed are relatively small.",
    "With a phone it can happen without your child's permission. Some are persuaded to post sexual pictures.",
    "We want to be proactive about risks that are face-to-face, and about those met virtually.",
    "Know the signs:",
    "- keeps secrets and no longer sees the usual friends",
    "- is associating with older people, or has a sexual relationship with an older person",
    "- goes missing, or is out all night and will not say where",
    "- is missing school",
    "- has expensive new things",
    "- a sudden change in how they dress, or in their taste in music",
    "- is tired and sleeps at odd hours",
    "- hides marks or scars",
    "- uses street language, or has a street name",
    "Talk about which sites they use. They should be very careful to befriend only those they trust.",
    "We share a statutory duty to every child in the city.",
)
EXPECTED = {
    "HM001": 1,  # no line on whose fault it is
    "HM002": 1,  # no other causes
    "HM004": 3,  # dress, music, speech
    "HM006": 1,  # missing next to tired
    "HM007": 1,  # nothing on how another person behaves
    "HM105": 1,  # permission
    "HM107": 1,  # relationship
    "HM109": 1,  # associating
    "HM115": 1,  # persuaded to post
    "HM120": 1,  # careful to befriend
    "HM125": 2,  # street language, street name
    "HM135": 2,  # face-to-face, virtually
    "HM144": 1,  # relatively small
    "HM177": 2,  # proactive, statutory
    "HM206": 1,  # no help for the parent
}


def test_each_fault_of_the_old_letter_is_found_and_none_beside() -> None:
    context = CheckContext.of_document(make_document(OLD_LETTER), today=TODAY)
    found = Counter(finding.code for finding in run(context, select=["HM"]).findings)
    assert found == EXPECTED
