"""A relationship in ordinary English is read by its parts, and what is left over is told."""

from __future__ import annotations

import pytest

from everyfamily.core.rolls.words import words
from everyfamily.core.rolls.words.closing_words import closes
from everyfamily.core.rolls.words.words import NOT_A_PARENT_OR_CARER as NO_PARENT
from tests.factories.each import each

UNDERSTOOD = {
    "mother": "Mum (main carer)|Mother/Carer|Mother 1|Adoptive mum|Mums|child's mother|Mother of child|Mum, has PR|"
    "mum / main carer / 1st contact|Mother - collects Mondays|Mum (she/her)|Parent (mother)|Mum (teacher)",
    "father": "Daddy|Papa|Dad & main contact|Birth Father|Pupil's Father|FATHER (non-resident)|Father (joint)",
    "step-parent": "step dad|Step/Mother|Step-Mother (lives with child)",
    "grandparent": "Grandma (SGO)|Nan (SGO)|Gran & Grandad|Dad's mum|Mother of dad|Nan on dad's side|Carer (grandma)|"
    "Paternal grandmother|Great-great-grandmother|Grandmother/Special Guardian",
    "foster carer": "Foster mum|Aunt (foster carer)|Foster Carer 1|Carer (foster)",
    "kinship carer": "Special Guardian (aunt)|Kinship carer (Nan)|Aunt - SGO|Special guardianship order",
    "social worker": "Social worker (LA)|LAC Social Worker|Mum's social worker",
    "carer": "Carer (aunt)|Main carer",
    "other": "Mum's partner|mums partner|Friend of mum|Friend's mum|Great Aunt|Parent/Guardian|Mother in law|"
    "Court appointed guardian|Mum and Dad|Mother/Father|Mother and step-father|Brother - lives with mum|Father figure",
    NO_PARENT: "Support worker|Other - dentist|Other (childminder)|Childminder (mum's friend)|Health Visitor|Taxi firm|"
    "mum's work|Key Worker|HTC|TCH|After-school club|Mum's employer",
}
LEFT_OVER = {
    "mother": "Mum?|MOTHER *|Mother - no PR|Mother Teresa",
    "father": "Father - estranged|Birth father (no contact)|Dad - see file",
    "other": "Teacher (mum)|not the father|Ex-husband|Ex step dad|Former foster carer|Sister (over 18)",
    NO_PARENT: "Health visitor - Sunny Days",
}


def _table(told: dict[str, str]) -> list[tuple[str, str]]:
    return [(text, kept) for kept, texts in told.items() for text in texts.split("|")]


@each("text, kept", _table(UNDERSTOOD))
def test_known_words_beside_a_relationship_do_no_harm(text: str, kept: str) -> None:
    assert words.relationships()[text] == kept
    assert not closes(text)


@each("text, kept", _table(LEFT_OVER))
def test_words_that_are_left_over_keep_the_relationship_and_are_told(text: str, kept: str) -> None:
    assert words.relationships()[text] is None
    said = words.relationship_in(text, ())
    assert said is not None
    assert (said.kept, said.understood) == (kept, False)


@pytest.mark.parametrize("text", ["Lives with mum", "Main contact", "mum's", "", "?", "Ruth Sample", "x" * 121])
def test_where_no_relationship_stands_there_is_none(text: str) -> None:
    assert words.relationship_in(text, ()) is None


def test_the_adults_own_name_beside_it_is_understood() -> None:
    said = words.relationship_in("Mum (Ruth)", ("mrs", "ruth", "sample"))
    assert said is not None
    assert (said.kept, said.understood) == ("mother", True)
