"""What the desk says to type is what the command line says."""

from __future__ import annotations

import re
from pathlib import Path

from everyfamily.cli.hints import typed
from everyfamily.core.desk.waiting import ABOUT
from everyfamily.core.next_steps import Step

TEMPLATE = Path(__file__).parents[3] / "src/everyfamily/staff/templates/staff/desk/typed.html"


def test_each_step_of_the_desk_names_the_command_of_the_command_line() -> None:
    source = TEMPLATE.read_text(encoding="utf-8").replace("{{ where }}", "URN")
    found = dict(re.findall(r'(?:if|elif) card\.next == "([^"]+)" %}([^{]+)', source))
    steps = {about.next for about in ABOUT.values() if about.next is not None}
    assert found.keys() == {str(step) for step in steps}
    for step in steps:
        assert typed(Step("", step)).startswith(found[step]), step
