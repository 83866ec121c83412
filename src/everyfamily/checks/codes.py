"""The one table of rules. A code is for ever: it never changes its meaning and is never used again.

Retired codes stay here as comments. The version changes with any change to what a run can find; the seal records
it, so that a letter sealed under last year's rules stays explainable.
"""

from __future__ import annotations

from everyfamily.checks.rule import Rule
from everyfamily.checks.rules.accessibility import (
    faked_heading,
    file_without_language,
    low_contrast,
    missing_alt_text,
    missing_document_title,
    missing_large_print,
    several_titles,
    skipped_heading,
    small_print,
    text_outside_tags,
    undeclared_language,
    unisolated_number,
    untagged_pdf,
    vague_link_text,
)
from everyfamily.checks.rules.evidence import (
    figure_without_year,
    invalid_waiver,
    stale_source,
    stale_translation,
    unfilled_gap,
    unreviewed_translation,
    unsourced_fact,
    unused_waiver,
)
from everyfamily.checks.rules.harm import (
    blaming_words,
    missing_fault_line,
    missing_other_causes,
    topic_named_outside,
)
from everyfamily.checks.rules.limits import long_print, long_text_message
from everyfamily.checks.rules.readability import long_sentence
from everyfamily.checks.rules.trust import (
    dead_route,
    expired_route,
    late_emergency_line,
    look_alike_address,
    premium_number,
    retired_line,
    shortened_link,
    tagged_link,
    tracking_pixel,
    unagreed_promise,
    undialable_number,
    unprotected_link,
    unverified_route,
)

RULE_SET_VERSION = "2026.1"

FAMILIES = {
    "TR": ("trust", "Trust: numbers that answer, promises that are kept, danger first"),
    "HM": ("harm", "Harm: words and gaps that could hurt a child or a family"),
    "RD": ("readability", "Readability: sentences that can be read in a hurry"),
    "AC": ("accessibility", "Accessibility: letters that everybody can read, hear or have read to them"),
    "LM": ("limits", "Limits: what fits in a text message and on a sheet of paper"),
    "EV": ("evidence", "Evidence: nothing left open, nothing waived without a reason"),
}
"""The first two letters of a code: folder, and what the family is for."""

RULES: dict[str, Rule] = {
    "TR001": dead_route.RULE,
    "TR002": expired_route.RULE,
    "TR003": unverified_route.RULE,
    "TR004": unagreed_promise.RULE,
    "TR005": late_emergency_line.RULE,
    "TR006": undialable_number.RULE,
    "TR007": premium_number.RULE,
    "TR014": shortened_link.RULE,
    "TR015": look_alike_address.RULE,
    "TR016": unprotected_link.RULE,
    "TR017": tagged_link.RULE,
    "TR018": tracking_pixel.RULE,
    "TR025": retired_line.RULE,
    "HM001": missing_fault_line.RULE,
    "HM002": missing_other_causes.RULE,
    "HM003": topic_named_outside.RULE,
    # HM101 to HM199: one code for each row of rules/harm/blaming_words.toml. L01 is HM101 ... L52 is HM152,
    # M01 is HM161 ... M07 is HM167, J01 is HM171 ... J13 is HM183. Rows at level "check" and "plain" hold their
    # codes there and do not run yet.
    **{rule.code: rule for rule in blaming_words.RULES},
    "RD001": long_sentence.RULE,
    "AC001": undeclared_language.RULE,
    "AC002": unisolated_number.RULE,
    "AC003": skipped_heading.RULE,
    "AC004": vague_link_text.RULE,
    "AC005": missing_alt_text.RULE,
    "AC006": low_contrast.RULE,
    "AC007": untagged_pdf.RULE,
    "AC008": text_outside_tags.RULE,
    "AC009": missing_large_print.RULE,
    "AC010": small_print.RULE,
    "AC011": missing_document_title.RULE,
    "AC012": file_without_language.RULE,
    "AC013": faked_heading.RULE,
    "AC014": several_titles.RULE,
    "LM001": long_text_message.RULE,
    "LM002": long_print.RULE,
    "EV001": unfilled_gap.RULE,
    "EV002": unused_waiver.RULE,
    "EV003": invalid_waiver.RULE,
    "EV004": unsourced_fact.RULE,
    "EV005": stale_source.RULE,
    "EV006": figure_without_year.RULE,
    "EV007": stale_translation.RULE,
    "EV008": unreviewed_translation.RULE,
}
