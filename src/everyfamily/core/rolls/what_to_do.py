"""What a school's office does about each kind of row or value that was set aside, in one sentence."""

from __future__ import annotations

from everyfamily.core.rolls.model.roll_rows import NOT_REPEATED, SetAside

_CORRECT = "Correct it in the records system and export the roll again."
_ONE_MOBILE = "Leave the numbers in the cell and put other words in a separate note."
_DECIDE = "The school's lead decides about the restriction."
# A file can only close: a better one does not free the adult.
_DECIDE_NOW = "The school's lead decides about this adult now."

WHAT_TO_DO = {
    "PUPIL_ID_MISSING": "Give the child's id.",
    "PUPIL_ID_SHORTENED": "Format the column as text and export it again.",
    "PUPIL_ID_TOO_LONG": "Look for a column that has moved: an id has at most 60 characters.",
    "CHILD_DIED": "Look into it at once. If the child has died, record the death.",
    "CHILD_LEAVING": "Confirm the child as left, or export without former pupils.",
    "CHILD_NOT_ON_ROLL": "Nothing, or export current pupils only.",
    "LINE_OF_THE_REPORT": "Nothing.",
    "OTHER_SCHOOL": "Nothing, if it is so: the row goes in with that school's roll.",
    "ADULT_NAME_MISSING": "Give the adult's name.",
    "NAME_TOO_LONG": "Look for a note in the name's cell: a name has at most 120 characters.",
    "ADULT_DIED": "Nothing, if it is so; otherwise correct the note in the records system.",
    "LINK_ENDED": "Nothing, if it is so; otherwise restore the link in the records system.",
    "NOT_A_PERSON": "Nothing, or remove the test from the records system.",
    "NOT_A_PARENT_OR_CARER": "Nothing: they are never written to.",
    "ROW_NOT_WHOLE": "Look for a stray comma or a line break in the row, and export it again.",
    "FORMULA_IN_CELL": "Type the value itself instead of the formula.",
    "DATE_IN_CELL": "Format the column as text, type the value again and export it.",
    "WORDS_THAT_CLOSE": _DECIDE,
    "WORDS_ELSEWHERE": f"Read the other sheets, the comments and the text around the table. {_DECIDE}",
    "RESTRICTION_NOT_KNOWN": f"Write none, unknown, hold or do not send for next time. {_DECIDE_NOW}",
    "COURT_ORDER_NOT_KNOWN": f"Write yes or no for next time. {_DECIDE_NOW}",
    "CORRESPONDENCE_NOT_KNOWN": f"Write yes or no for next time. {_DECIDE_NOW}",
    "OBJECTS_NOT_KNOWN": "Write yes or no. Until then it counts as yes.",
    "IN_CARE_NOT_KNOWN": "Write yes or no. Until then it counts as yes.",
    "PARENTAL_RESPONSIBILITY_NOT_KNOWN": "Write yes, no or unknown. Until then it counts as unknown.",
    "HAS_CARE_NOT_KNOWN": "Write yes, no or unknown. Until then it counts as unknown.",
    "RELATIONSHIP_NOT_KNOWN": "Write a plain word, such as mother, step-parent, grandparent, foster carer or other.",
    "FORMAT_NOT_KNOWN": "Write standard, large print, easy read, audio or braille.",
    "CHANNEL_NOT_KNOWN": "Write email, text or paper.",
    "PRIORITY_NOT_A_NUMBER": "Give a whole number, or leave it blank.",
    "LANGUAGE_NOT_KNOWN": "Give a language's English name, tag or census code, or leave it blank.",
    "EMAIL_NOT_VALID": _CORRECT,
    "EMAIL_LOOKS_MISTYPED": _CORRECT,
    "EMAIL_PLACEHOLDER": "Leave the cell blank, or ask the family for an address.",
    "EMAIL_SEVERAL": "Leave the addresses in the cell and put other words in a separate note.",
    "PHONE_NOT_VALID": _CORRECT,
    "PHONE_NOT_MOBILE": "Nothing, if it is a landline. Otherwise correct it.",
    "PHONE_WITH_WORDS": _ONE_MOBILE,
    "PHONE_NOT_FOR_TEXTS": "Nothing, if it is so.",
    "PHONE_PLACEHOLDER": "Leave the cell blank, or ask the family for a number.",
    "PHONE_SHORTENED": "Format the column as text and export it again.",
    "POSTCODE_NOT_VALID": _CORRECT,
    "POSTCODE_MISSING": "Add the postcode.",
    "ADDRESS_TOO_SHORT": "Add the lines of the address.",
    "ADDRESS_WITH_WORDS": "Give the address itself, or leave it blank.",
    "ADDRESS_TOO_LONG": "At most five lines of at most 80 characters.",
    "ADDRESS_NOT_CLEAR": "Keep one current address for this person in the records system.",
    "ADULT_NOT_IN_FILE": "Export contacts as users too.",
    "ADULT_NOT_CLEAR": "Ask the system's supplier: ids must be unique.",
    "CHILD_NOT_CLEAR": "Give each child an id or a birthday; of a OneRoster zip ask the supplier: ids must be unique.",
    "CONTACT_OF_NO_PUPIL": "Nothing, if the child has left. Otherwise give the id as the sheet of pupils has it.",
    "CHILDREN_BY_NAME": "Add a column with the UPN, the admission number or the birthday, and export it again.",
    "FILE_IS_A_PART": "Export every page, and bring all of them in one file.",
    "SCHOOL_NOT_SAID": "Give the child's school in orgSourcedIds, or in a role in OneRoster 1.2.",
    "PERSON_DELETED": "Look at that person by hand.",
}
"""By code. A test keeps every code here and in the guides."""
_IF_IT_CLOSES = {
    "RESTRICTION_NOT_KNOWN": "do not send",
    "COURT_ORDER_NOT_KNOWN": "yes",
    "CORRESPONDENCE_NOT_KNOWN": "no",
}


def what_to_do(one: SetAside) -> str:
    """About one row or value. Whoever wrote that somebody must be kept away is not asked to write yes or no."""
    if one.value == NOT_REPEATED and (answer := _IF_IT_CLOSES.get(one.code)):
        return f"If the adult must not have the letter, write “{answer}” for next time. {_DECIDE_NOW}"
    return WHAT_TO_DO.get(one.code, "")
