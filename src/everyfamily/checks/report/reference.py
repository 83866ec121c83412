"""Writes docs/checks/: a page for every rule and an index that can be read without programming.

Run `python -m everyfamily.checks.report.reference docs/checks`. A test keeps the pages up to date.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path

from everyfamily.checks.model.context import Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Rule
from everyfamily.checks.report.sources import sources
from everyfamily.checks.run.codes import FAMILIES, RULE_SET_VERSION, RULES
from everyfamily.checks.run.runner import UnknownRule

_WEIGHT = {
    Severity.ERROR: "Error: stops the letter. It cannot be waived; change the words.",
    Severity.WARNING: "Warning: stops the letter until every signatory agrees a waiver with a reason and an end.",
    Severity.ADVICE: "Advice: never stops the letter.",
}
_STATUS = {
    "preview": "In preview: the rule runs, and rests on our own reasoning until a source is found.",
    "stable": "Stable.",
    "deprecated": "Deprecated: it will be retired.",
    "retired": "Retired: it no longer runs.",
}
_INDEX_TOP = Path(__file__).with_name("index_top.md")
_OURS = frozenset({Need.LETTER, Need.OURS, Need.SMS, Need.PRINT, Need.WAIVERS})
_SENTENCE = re.compile(r"(?<=[a-z0-9)”\"’][.!?])\s+(?=[A-Z“])")


def pages(rules: Mapping[str, Rule] = RULES) -> dict[str, str]:
    """Every file of docs/checks/ by its name: README.md and one page for each rule."""
    return {"README.md": index(rules), **{f"{rule.code}.md": rule_page(rule) for rule in rules.values()}}


def rule_page(rule: Rule) -> str:
    """The page of one rule, as Markdown."""
    page = rule.page
    parts = [
        f"# {rule.code} {rule.name}",
        _WEIGHT[rule.severity],
        f"Applies to {applies_to(rule)}.",
        f"## What it checks\n\n{page.checks}",
        f"## Why it matters to families\n\n{page.matters}",
        f"## Example\n\n{_quoted(page.example)}",
        f"## Write instead\n\n{_quoted(page.instead)}",
    ]
    if page.exceptions:
        parts.append(f"## When it is allowed\n\n{page.exceptions[0].upper()}{page.exceptions[1:].rstrip('.')}.")
    parts.append(f"## Sources\n\n{_sources(rule)}")
    parts.append(f"{_STATUS[page.status]} Since rule set {page.since}. [All checks](README.md)")
    return "\n\n".join(parts) + "\n"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _sources(rule: Rule) -> str:
    known = sources()
    lines = [f"- {known[key].says} ({known[key].address})" for key in rule.page.evidence]
    return "\n".join(lines) or "- None yet: our own reasoning."


def index(rules: Mapping[str, Rule] = RULES) -> str:
    """The index, as Markdown: a table for each family that has rules."""
    parts = [_INDEX_TOP.read_text(encoding="utf-8").rstrip()]
    for prefix, (_, heading) in FAMILIES.items():
        members = [rule for rule in rules.values() if rule.code.startswith(prefix)]
        if members:
            rows = "\n".join(_index_row(rule) for rule in members)
            parts.append(
                f"## {heading}\n\n| code | what it looks for | weight | only |\n|---|---|---|---|\n{rows}"
            )
    parts.append(f"Rule set {RULE_SET_VERSION}. This folder is generated from the rules; do not edit it by hand.")
    return "\n\n".join(parts) + "\n"


def _index_row(rule: Rule) -> str:
    cell = first_sentence(rule.page.checks).replace("|", "\\|").replace("\n", " ")
    return f"| [{rule.code}]({rule.code}.md) | {cell} | {rule.severity} | {', '.join(_marks(rule))} |"


def first_sentence(text: str) -> str:
    """The first sentence of a page's text."""
    return _SENTENCE.split(text.strip(), maxsplit=1)[0]


def _marks(rule: Rule) -> list[str]:
    """What a letter has to be or to come with, in one word each. Empty for a rule that reads any letter."""
    marks = {
        "ours": bool(rule.needs & _OURS),
        "harm": rule.only_about_harm or Need.HARM in rule.needs,
        "register": Need.REGISTER in rule.needs,
        "English": Need.ENGLISH in rule.needs,
    }
    return [word for word, applies in marks.items() if applies]


def applies_to(rule: Rule) -> str:
    """What the rule reads, such as "letters about harm to children, in English"."""
    marks = _marks(rule)
    letters = "letters composed with everyfamily" if "ours" in marks else "letters"
    about = " about harm to children" if "harm" in marks else ""
    language = ", in English" if "English" in marks else ""
    register = ", checked together with a partnership's register" if "register" in marks else ""
    pages = ", and to the parent site's pages" if rule.scope == "text" else ""
    return f"{'' if marks else 'all '}{letters}{about}{language}{register}{pages}"


def rule_table(rules: Mapping[str, Rule] = RULES, *, width: int = 80) -> str:
    """Everything that is looked for, each rule in a line or two, by family, for a terminal."""
    lines = [f"Rule set {RULE_SET_VERSION}. More on one: everyfamily check --explain CODE"]
    for prefix, (_, heading) in FAMILIES.items():
        members = [rule for rule in rules.values() if rule.code.startswith(prefix)]
        lines += ["", heading] if members else []
        for rule in members:
            marks = f" [{', '.join(_marks(rule))}]" if _marks(rule) else ""
            lines += textwrap.wrap(
                f"{first_sentence(rule.page.checks)}{marks}",
                width,
                initial_indent=f"  {rule.code}  {rule.severity:8} ",
                subsequent_indent=" " * 18,
                break_long_words=False,
            )
    lines += [
        "",
        "[harm] only letters about harm to children; [ours] letters of everyfamily;",
        "[register] needs --partnership FILE; [English] reads only English.",
    ]
    return "\n".join(lines)


def explain(code: str, rules: Mapping[str, Rule] = RULES, *, width: int = 80) -> str:
    """The page of a rule by its code or name, for a terminal with this many columns. Raises UnknownRule."""
    wanted = code.strip()
    rule = rules.get(wanted.upper()) or next((r for r in rules.values() if r.name == wanted.lower()), None)
    if rule is None:
        raise UnknownRule(
            f"No rule has the code or name “{wanted[:40]}”.", "See the list: everyfamily check --rules"
        )
    lines = rule_page(rule).replace("[All checks](README.md)", "").splitlines()
    plain = (
        line.removeprefix("# ").removeprefix("## ").replace("> ", "    ", 1).removeprefix(">") for line in lines
    )
    return "\n".join(_wrapped(line.rstrip(), width) for line in plain).rstrip() + "\n"


def _wrapped(line: str, width: int) -> str:
    indent = " " * (len(line) - len(line.lstrip()))
    hanging = f"{indent}  " if line.lstrip().startswith("- ") else indent
    return textwrap.fill(line, width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)


def write_pages(folder: Path) -> list[str]:
    """Write every page into `folder`, remove pages of rules that no longer exist, and name what changed."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    changed = stale_pages(folder)
    for name in changed:
        if name in wanted:
            (folder / name).write_text(wanted[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    return changed


def stale_pages(folder: Path) -> list[str]:
    """Names of the pages in `folder` that differ from what the rules say, are missing, or belong to no rule."""
    wanted = pages()
    present = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    return sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))


if __name__ == "__main__":  # pragma: no cover
    write_pages(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/checks"))
