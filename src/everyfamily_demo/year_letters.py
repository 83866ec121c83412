"""The letters of the demonstration's year: what is planned, and how each is made, agreed and sealed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files

from everyfamily.cli.console.packs_folder import packs_folder
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.letter.compose import compose
from everyfamily.core.letter.corrections import correcting, wrong_letter
from everyfamily.core.letter.letters import Followed, Letter
from everyfamily.core.packs.packs import load_pack
from everyfamily.core.partnership.partnership import Partnership, load_partnership
from everyfamily_demo.workspace import Workspace

_OF_THE_FILE = date(2027, 3, 2)
"""The day of the letter that the demonstration's partnership file was written for: its checks count from there."""
_PLAN = "# ---- The year plan"
_DATED = re.compile(r"^((?:checked|hours_confirmed|expires|agreed)_on = )(\d{4}-\d\d-\d\d)", re.MULTILINE)
OLD_LINE, NEW_LINE = "0151 496 0120", "0151 496 0121"
"""The children's team moves during the year, and its old number no longer answers."""
WRONG_ROUTE = "local"


@dataclass(frozen=True, slots=True)
class YearLetter:
    """One letter of the year."""

    topic: str
    """A content pack's id."""
    term: str
    reference: str
    opens: datetime
    """Its first wave."""
    after_roll: str = ""
    """The half-term whose roll came in before it, or blank before the first."""
    corrected_as: tuple[str, str] | None = None
    """If it is withdrawn after its first wave: the references of its correction and of its replacement."""

    @property
    def words(self) -> str:
        """As the year's table calls it: "Criminal exploitation"."""
        return self.topic.replace("-", " ").capitalize().replace(" ai", " AI")


def _at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, 0, tzinfo=LONDON)


YEAR = (
    YearLetter("online-grooming-and-blackmail", "autumn-2026", "ES-2609-H4N8", _at(2026, 9, 22)),
    YearLetter(
        "criminal-exploitation",
        "autumn-2026",
        "ES-2611-P6X3",
        _at(2026, 11, 10),
        after_roll="October",
        corrected_as=("ES-2611-C0R2", "ES-2611-N3W5"),
    ),
    YearLetter("nude-images-and-ai", "spring-2027", "ES-2701-T9D4", _at(2027, 1, 19), after_roll="Christmas"),
    YearLetter(
        "child-sexual-exploitation", "spring-2027", "ES-2703-K7R4", _at(2027, 3, 2), after_roll="February"
    ),
    YearLetter("harmful-groups-online", "summer-2027", "ES-2704-M5T2", _at(2027, 4, 27), after_roll="Easter"),
)
"""From September to July, one in each half-term but the last."""


def partnership_on(workspace: Workspace, day: date, *, line: str, calls_a_day: int) -> Partnership:
    """The partnership as its file is for a letter of that day: every route was rung again, and `line` is the number of
    the children's team, which can take so many calls a day. The file is written again."""
    folder = workspace.folder / "partnership"
    first, file = folder / "of-the-first-day.toml", folder / "partnership.toml"
    if not first.exists():
        first.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    moved = day - _OF_THE_FILE
    text = first.read_text(encoding="utf-8").partition(_PLAN)[0] + _year_plan()
    text = text.replace("calls_a_day = 60 ", f"calls_a_day = {calls_a_day} ")
    text = _DATED.sub(lambda found: f"{found[1]}{date.fromisoformat(found[2]) + moved}", text)
    file.write_text(text.replace(OLD_LINE, line), encoding="utf-8")
    return load_partnership(file)


def _year_plan() -> str:
    return (files("everyfamily_demo") / "data" / "year" / "plan.toml").read_text(encoding="utf-8")


def make(
    one: YearLetter,
    partnership: Partnership,
    *,
    dated: date,
    reference: str,
    corrects: Letter | None = None,
    replaces: str | None = None,
) -> Letter:
    """The letter, or if the wrong one is given, what corrects or replaces it."""
    pack = load_pack(packs_folder() / one.topic)
    follows = Followed(replaces, "replacement") if replaces is not None else None
    if corrects is not None:
        wrong = wrong_letter(corrects, WRONG_ROUTE)
        pack = correcting(pack, packs_folder() / "correction", wrong, partnership)
        follows = Followed(wrong.reference, "correction")
    return compose(pack, partnership, term=one.term, dated=dated, reference=reference, follows=follows)
