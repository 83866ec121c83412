"""Checks one document from outside: what is read of it, whether it is about harm, and what the rules find.

The command and the screen both ask here, so that they find the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.waivers import Waiver
from everyfamily.checks.run.checked import Checked
from everyfamily.checks.run.runner import run
from everyfamily.checks.run.told_by_faults import settled
from everyfamily.core.partnership.routes import Route
from everyfamily.core.text.outside_document import Document


def check_document(
    document: Document,
    *,
    today: date,
    register: Sequence[Route] | None = None,
    about_harm: bool | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    waivers: Sequence[Waiver] = (),
) -> Checked:
    """What the rules find in a document. If `about_harm` is None, its words decide, and then its faults.

    Raises UnknownRule for a code in `select` or `ignore` that no rule has.
    """
    context = CheckContext.of_document(document, today=today, register=register, about_harm=about_harm)
    if about_harm is None:
        context = settled(context)
    report = run(context, select=select, ignore=ignore, waivers=waivers)
    return Checked(document.file, context, report)
