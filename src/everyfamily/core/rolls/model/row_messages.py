"""What the report says about a row or a value that was set aside (core/rolls/rows.py)."""

from __future__ import annotations

ANSWERS = "yes, no, unknown"
OF_THE_REPORT = "This is a line of the report itself, such as a total, and not a child."
DIED = "A row says that the child has died: no adult of the child is taken from the file."
ADULT_DIED = "The file says that this adult has died: the adult is not taken from it."
LINK_ENDED = (
    "The file says that this adult's link to the child was deleted or has ended: the adult is not taken from it."
)
ELSEWHERE = (
    "A sheet that is not read, a text outside the table, or a comment above or below the rows, has words that may keep "
    "an adult away: the children whose ids are there wait for a person's decision, and nobody in the file counts as "
    "free."
)
NOT_A_PERSON = "The name is a placeholder or a test and nobody's: nobody is taken from the row."
OF_NO_PUPIL = "No sheet that lists the pupils has this child's id: nobody is taken from the row."
NAMESAKES = (
    "A child with this name is in another year or class further up, and the file has no id or birthday that says "
    "whether it is the same child: no adult is taken from the row."
)
RELATIONSHIP = "RELATIONSHIP has a word or code that is not known."
LANGUAGES = "a BCP 47 tag such as pl, ur or ar, a code of the school census, a language's English name"


def formula(column: str) -> str:
    """For a cell that a spreadsheet calculates."""
    return f"There is a formula or an error of a spreadsheet in {column}: its result is not believed."
