"""One document that was checked: its name, what the rules read of it, and what they found."""

from __future__ import annotations

from dataclasses import dataclass, replace

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Finding
from everyfamily.checks.run.runner import CheckReport


@dataclass(frozen=True, slots=True)
class Checked:
    """A checked document, letter or pack. `name` is what the person who asked calls it.

    `can_fix` says whether we can write its text: a text file or a pack's, never a Word file or a PDF.
    """

    name: str
    context: CheckContext
    report: CheckReport
    can_fix: bool = False

    def with_places_in(self, file: str) -> Checked:
        """The same with every place of the document in `file`, such as its path as it was given."""
        own = {document.file for document in self.context.documents}
        findings = tuple(
            replace(found, place=replace(found.place, file=file)) if found.place.file in own else found
            for found in self.report.findings
        )
        return replace(self, name=file, report=replace(self.report, findings=findings))

    def fixable(self) -> tuple[Finding, ...]:
        """The findings with replacement words that are always safe."""
        return tuple(found for found in self.report.findings if found.fix is not None) if self.can_fix else ()
