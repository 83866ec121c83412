"""Every command by its name: where it is defined, and the line that `--help` shows of it.

`check` has to start in a fraction of a second, and most commands import Django; so none is imported before it is asked
for. A test keeps each line equal to what the command says of itself.
"""

from __future__ import annotations

from typing import NamedTuple


class Listed(NamedTuple):
    """A command imported when it is called: `module:attribute` within `everyfamily.cli`, and its line of help."""

    defined: str
    help: str


COMMANDS: dict[str, Listed] = {
    "demo": Listed(
        "demo_command:run_demo",
        "Make a letter, have it agreed and sealed, send it to an invented city, account for every child.",
    ),
    "new-area": Listed(
        "new_area_command:new_area",
        "Set up an area in FOLDER: ask what only people know, write the partnership's file, say what is missing.",
    ),
    "compose": Listed(
        "letters:compose", "Make a letter from a content PACK: print, email, text message and web page."
    ),
    "check": Listed(
        "check_command:check",
        "Check letters: what could hurt a child or keep a family from calling, and what to write instead.",
    ),
    "key": Listed(
        "letters:key",
        "Make a signatory's or the partnership's own key; prints the public half for the partnership's file.",
    ),
    "approve": Listed("approving:approve", "Approve exactly the LETTER in this folder, as one signatory."),
    "seal": Listed(
        "letters:seal", "Seal a LETTER that every signatory has approved, and publish its seal as one JSON file."
    ),
    "verify": Listed(
        "letters:verify", "Verify WHAT: a reference (ES-2703-K7R4), or a file: PDF, .eml, .html, .txt."
    ),
    "import": Listed("import_command:import_", "Bring in schools and rolls."),
    "schools": Listed(
        "school_commands:show_schools", "Show the schools: who sends, what is known of each, and what is missing."
    ),
    "attest": Listed(
        "rights_commands:attest",
        "A school's lead says that its restrictions, leavers and deaths are right as of now.",
    ),
    "restrictions": Listed(
        "restriction_commands:restrictions",
        "Who may be written to: what waits for the lead's decision, and the decision.",
    ),
    "parents": Listed(
        "parents_commands:parents",
        "Who is a parent or carer, where the school's file does not say: the list, and a person's word.",
    ),
    "leavers": Listed("family_commands:leavers", "Children whom the newest roll did not have: have they left?"),
    "died": Listed(
        "family_commands:died",
        "A child has died: nothing more is sent because of this child, in any mailing, from this moment.",
    ),
    "objects": Listed("family_commands:objects", "An adult wants no more letters of this kind."),
    "opt-out": Listed("opt_out_command:opt_out", "An adult wants nothing by email, text or post."),
    "hand-outs": Listed(
        "hand_out_commands:hand_outs",
        "Copies that children took home: what waits for the school's word, and the word.",
    ),
    "send": Listed("reach:send", "Open the mailing of a sealed LETTER."),
    "rehearse": Listed(
        "rehearsal:rehearse",
        "Open the mailing of a sealed LETTER as a rehearsal: now, at any hour, to the people on a list.",
    ),
    "pause": Listed("pause_commands:pause", "Stop sending, on every worker, before the next message."),
    "resume": Listed(
        "pause_commands:resume",
        "Let a paused mailing, or one school's part, go on, once you have put right what stopped it.",
    ),
    "after-restore": Listed(
        "restore_commands:after_restore",
        "After the database was put back to an earlier moment: hold back what may have gone since.",
    ),
    "uncertain": Listed(
        "restore_commands:uncertain",
        "Letters that may have gone before a restore: who waits, and a person's word.",
    ),
    "withdraw": Listed("withdraw_commands:withdraw", "Withdraw a sealed letter, for good."),
    "tell-schools": Listed(
        "withdraw_commands:tell",
        "Send now what tells schools that a letter is withdrawn.",
    ),
    "stopped-in-print": Listed(
        "withdraw_commands:stopped_in_print",
        "Say which bundles of a withdrawn letter the print house stopped: nobody had those letters.",
    ),
    "owed": Listed(
        "withdraw_commands:owed",
        "Who had a wrong letter and may not be written to now: a named person tells them, or does not.",
    ),
    "coverage": Listed("reach:coverage", "Account for every child of a mailing."),
    "families": Listed(
        "families_command:families",
        "A school's children as of now: outcome, reason, what happens next, who, by when.",
    ),
    "worker": Listed(
        "reach:worker", "Run a worker: begins waves when their time comes, sends, falls back, rescues."
    ),
    "health": Listed(
        "health_command:health",
        "Say whether mailings are looked after: is a worker alive, and has every wave begun?",
    ),
    "tasks": Listed(
        "task_commands:tasks", "Show what waits for a person, in every mailing and school: what, whose, by when."
    ),
    "pace": Listed(
        "task_commands:pace",
        'Show, or set, how fast a PROVIDER (smtp, notify, anymail, "print folder", recording) is called.',
    ),
    "send-kit": Listed(
        "send_kit_commands:send_kit", "Write the kit of a sealed LETTER, for every school that sends it itself."
    ),
    "site": Listed(
        "site_command:site",
        "Make the parent site in the folder OUT, from sealed letters, packs and the route register.",
    ),
    "returns": Listed(
        "return_commands:returns", "The counts that schools file which send the letter themselves."
    ),
    "web": Listed("return_commands:web", "Serve the pages for schools."),
    "mailboxes": Listed(
        "mailbox_commands:mailboxes", "Sign in to the mailboxes of bounces and replies and count what lies there."
    ),
    "audit": Listed(
        "audit_command:audit",
        "Read the audit trail: who did what, and when, in the partnership or at one school.",
    ),
    "close": Listed(
        "keep_commands:close",
        "Close a mailing whose work is done: its key is destroyed, and nothing ties two schools any more.",
    ),
    "purge": Listed(
        "keep_commands:purge",
        "Clear names, contact values and children's ids that no mailing needs, and what carriers left on this machine.",
    ),
    "find-adult": Listed(
        "keep_commands:find_adult", "Find an adult's number by email address, mobile number or whole name."
    ),
    "subject-access": Listed(
        "keep_commands:write_subject_access", "Write everything about one adult to a file that only you can read."
    ),
    "forget-adult": Listed(
        "keep_commands:forget", "Clear one adult's name and contact values now, and send no more letters to them."
    ),
    "audit-check": Listed(
        "audit_check_command:audit_check",
        "Prove that nobody has changed or removed an event of the audit trail, or say which is the first.",
    ),
    "master-key": Listed(
        "key_commands:make_master_key", "Make the key that wraps the schools' keys, in the file OUT."
    ),
    "keys": Listed(
        "key_commands:keys", "The master key's versions, and each school's own key: see, renew, rotate, destroy."
    ),
}
