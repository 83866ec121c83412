"""Every command by its name: where it is defined, and its line in `--help`.

`check` has to start in a fraction of a second, and most commands import Django. So none is imported before it is asked
for. A test keeps each line the same as what the command says about itself.
"""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

import click


class Listed(NamedTuple):
    """A command that is imported when it is called: `module:attribute` within `everyfamily.cli`, and its line of
    help."""

    defined: str
    help: str

    def load(self) -> click.Command:
        """Import what defines it."""
        module, _, attribute = self.defined.partition(":")
        command: click.Command = getattr(
            import_module(module if module.startswith("everyfamily_") else f"everyfamily.cli.{module}"), attribute
        )
        return command


COMMANDS: dict[str, Listed] = {
    "demo": Listed(
        "everyfamily_demo.command:run_demo",
        "Play one letter from start to end: make it, agree it, send it to an invented city, account for every child.",
    ),
    "demo-code": Listed(
        "everyfamily_demo.sign_ins:demo_code",
        "Show what somebody types to sign in to the demonstration with a ROLE, with the code for the next seconds.",
    ),
    "new-area": Listed(
        "letters.new_area_command:new_area",
        "Set up an area in FOLDER: ask what only people know, write the partnership's file, say what is missing.",
    ),
    "compose": Listed(
        "letters.letter_commands:compose",
        "Make a letter from a content PACK: print, email, text message and web page.",
    ),
    "pack": Listed(
        "letters.pack_commands:pack",
        "Write, check, compare and share content packs: the words on one topic.",
    ),
    "check": Listed(
        "letters.check_command:check",
        "Check letters: what could hurt a child or keep a family from calling, and what to write instead.",
    ),
    "key": Listed(
        "letters.letter_commands:key",
        "Make a signatory's or the partnership's own key, and print the public half for the partnership's file.",
    ),
    "approve": Listed(
        "letters.approving:approve", "Approve exactly the LETTER in this folder, as one signatory."
    ),
    "letters": Listed(
        "letters.draft_commands:letters",
        "See the letters that are being written, take one out as a folder, and bring in an approval of it.",
    ),
    "seal": Listed(
        "letters.letter_commands:seal",
        "Seal a LETTER that every signatory has approved, and publish its seal as one JSON file.",
    ),
    "verify": Listed(
        "letters.verify_command:verify",
        "Verify WHAT: a reference (ES-2703-K7R4), or a file: PDF, .eml, .html, .txt.",
    ),
    "import": Listed("people.import_command:import_", "Import schools, official figures and rolls."),
    "schools": Listed(
        "people.school_commands:show_schools",
        "Show the schools: who sends, what is known about each, and what is missing.",
    ),
    "attest": Listed(
        "people.rights_commands:attest",
        "A school's lead says that its restrictions, leavers and deaths are right as of now.",
    ),
    "restrictions": Listed(
        "people.restriction_commands:restrictions",
        "See what waits for the lead's decision about who may be written to, and decide.",
    ),
    "parents": Listed(
        "people.parents_commands:parents",
        "List the adults whom the school's file does not call parents or carers, and say whether they are.",
    ),
    "leavers": Listed(
        "people.family_commands:leavers", "Say whether children who are not in the newest roll have left."
    ),
    "died": Listed(
        "people.family_commands:died",
        "Record that a child has died: from now on no mailing sends anything because of this child.",
    ),
    "objects": Listed(
        "people.family_commands:objects", "Record that an adult wants no more letters of this kind."
    ),
    "opt-out": Listed(
        "people.opt_out_command:opt_out", "Record that an adult wants nothing by email, text or post."
    ),
    "hand-outs": Listed(
        "mailings.hand_out_commands:hand_outs",
        "See which copies for children to take home the school has not reported on, and record what it says.",
    ),
    "send": Listed("mailings.send_commands:send", "Open the mailing of a sealed LETTER."),
    "rehearse": Listed(
        "mailings.rehearsal:rehearse",
        "Open the mailing of a sealed LETTER as a rehearsal: now, at any hour, only to the people on a list.",
    ),
    "pause": Listed("mailings.pause_commands:pause", "Stop sending: every worker stops before its next message."),
    "resume": Listed(
        "mailings.pause_commands:resume",
        "Resume a paused mailing, or one school's part, when you have solved the problem that stopped it.",
    ),
    "routes": Listed(
        "mailings.route_commands:routes",
        "Ring the numbers that letters print, and record what you found.",
    ),
    "after-restore": Listed(
        "operation.restore_commands:after_restore",
        "Use this after the database was restored to an earlier moment: hold back what may have been sent since.",
    ),
    "uncertain": Listed(
        "operation.restore_commands:uncertain",
        "See which letters may have been sent before a restore, and say whether they were.",
    ),
    "withdraw": Listed("mailings.withdraw_commands:withdraw", "Withdraw a sealed letter, for good."),
    "tell-schools": Listed(
        "mailings.withdraw_commands:tell",
        "Send now the emails that tell schools that a letter is withdrawn.",
    ),
    "stopped-in-print": Listed(
        "mailings.withdraw_commands:stopped_in_print",
        "Say which letters the print house stopped or took out: nobody had them.",
    ),
    "owed": Listed(
        "mailings.withdraw_commands:owed",
        "See who had a wrong letter and may not be written to now, and record whether a named person told them.",
    ),
    "coverage": Listed("mailings.send_commands:coverage", "Account for every child of a mailing."),
    "year": Listed(
        "accounts.year_commands:year",
        "See the plan of a year of letters: who does what by when, what is doubtful, and what is due now.",
    ),
    "review": Listed(
        "mailings.review_command:review",
        "See or add to the review of the letter REFERENCE: calls, answers of parents, what to change.",
    ),
    "joiners": Listed(
        "mailings.joiners_commands:joiners",
        "Send the letters of the year so far to families of children who joined since.",
    ),
    "families": Listed(
        "accounts.families_command:families",
        "Show a school's children as of now: outcome, reason, what happens next, who does it and by when.",
    ),
    "worker": Listed(
        "mailings.send_commands:worker",
        "Run a worker: it begins waves, sends, uses the next way after a failure, and rescues what a crash left.",
    ),
    "health": Listed(
        "operation.health_command:health",
        "Say whether a worker is alive and whether every wave that is due has begun.",
    ),
    "ready": Listed(
        "operation.ready_command:ready",
        "Say what is done and what is left to do before the first real letter, as this machine sees it.",
    ),
    "tasks": Listed(
        "operation.task_commands:tasks",
        "Show what waits for a person, in every mailing and school: what, whose, by when.",
    ),
    "pace": Listed(
        "operation.task_commands:pace",
        'Show, or set, how fast a PROVIDER (smtp, notify, anymail, "print folder", recording) is called.',
    ),
    "send-kit": Listed(
        "letters.send_kit_commands:send_kit",
        "Write the kit of a sealed LETTER, for all schools that send it themselves.",
    ),
    "site": Listed(
        "letters.site_command:site",
        "Make the parent site in the folder OUT, from sealed letters, packs and the route register.",
    ),
    "read-aloud": Listed(
        "letters.read_aloud_command:read_aloud",
        "Print the words of a LETTER for the person who reads them aloud, and what to write beside the recording.",
    ),
    "translations": Listed(
        "letters.translation_commands:translations",
        "Look after the languages of a content pack: how far each is, and a file for translators, out and back in.",
    ),
    "returns": Listed(
        "mailings.return_commands:returns",
        "Manage the returns: the counts of schools that send the letter themselves.",
    ),
    "partnership": Listed(
        "operation.partnership_commands:partnership",
        "Keep the partnership's file as versions: bring one in, write the newest out, see who changed what.",
    ),
    "createadmin": Listed(
        "operation.createadmin_command:createadmin",
        "Invite an administrator by a link, and make the key for sign-in if there is none.",
    ),
    "web": Listed("mailings.return_commands:web", "Serve the pages for schools."),
    "mailboxes": Listed(
        "operation.mailbox_commands:mailboxes",
        "Sign in to the mailboxes of bounces and replies, and count what is in them.",
    ),
    "audit": Listed(
        "operation.audit_command:audit",
        "Read the audit trail: who did what, and when, in the partnership or at one school.",
    ),
    "close": Listed(
        "people.keep_commands:close",
        "Close a mailing whose work is done: destroy its key, so that nothing connects two schools any more.",
    ),
    "purge": Listed(
        "people.keep_commands:purge",
        "Delete names, contact values and ids of children that no mailing needs, and what carriers left here.",
    ),
    "find-adult": Listed(
        "people.keep_commands:find_adult",
        "Find an adult's number by email address, mobile number or whole name, or by the own id of their child.",
    ),
    "subject-access": Listed(
        "people.keep_commands:write_subject_access",
        "Write everything about one adult to a file that only you can read.",
    ),
    "forget-adult": Listed(
        "people.keep_commands:forget",
        "Delete one adult's name and contact values now, and send no more letters to them.",
    ),
    "audit-check": Listed(
        "operation.audit_check_command:audit_check",
        "Prove that nobody has changed or removed an event of the audit trail, or name the first that was.",
    ),
    "master-key": Listed(
        "operation.key_commands:make_master_key", "Make the key that wraps the schools' keys, in the file OUT."
    ),
    "keys": Listed(
        "operation.key_commands:keys",
        "See the master key's versions and each school's own key, and renew, rotate or destroy them.",
    ),
}
