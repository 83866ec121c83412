"""Notes of the school's office next to its children, which the lead reads before anything of theirs is sent.

A note that closes an adult is shown with the decision about that adult. One that is neither known to close nor known to
be ordinary holds every adult of the child until the lead has read it, once for the same words. The words are kept under
the school's key, and go with the decision, or when values are purged; the adult stays closed without them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.vault import Vault
from everyfamily.core.rolls.model.roll_rows import NOT_SAID, READ_WITH_NOTES, Note
from everyfamily.core.rolls.words.ordinary_notes import words_of_note
from everyfamily.people.actions.decided.restrictions import require_a_person
from everyfamily.people.actions.decisions import count_decision
from everyfamily.people.actions.roll_lock import wait_for_roll
from everyfamily.people.database.bulk import fetch_rows, insert_rows, take_ids
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault
from everyfamily.people.models import RollNote
from everyfamily.people.sql.entitlement import ALIVE

_KEPT = "SELECT pupil_id, note_hash, read_at IS NOT NULL FROM people_rollnote WHERE school_id = %s"
_NEW = ("id", "school_id", "pupil_id", "note_hash", "content", "is_closing", "came_at")


class NoteNotThere(EveryfamilyError):
    """The page showed notes that are not waiting any more."""

    code = "EF441"


@dataclass(frozen=True, slots=True)
class NoteGroup:
    """The same words next to one child or more."""

    note: int
    """The number of one of them, by which the group is asked for."""
    where: str
    words: str
    children: int


class NotesOfFile:
    """A file's notes beside those that are kept, looked at before its adults are matched, because a note holds them."""

    def __init__(self, school_id: int, vault: Vault, notes: Mapping[str, Sequence[Note]]) -> None:
        """`notes` by the school's own ids of the children. Inside `tenant(school_id)`."""
        self._school = school_id
        self._vault = vault
        rows = fetch_rows(_KEPT, [school_id]) if notes else []
        self._there = {(pupil, digest) for pupil, digest, _ in rows}
        read = {digest for _, digest, is_read in rows if is_read}
        self._new: dict[tuple[str, bytes], Note] = {}
        values: set[tuple[str, int]] = set()
        not_read: set[tuple[str, int]] = set()
        for own_id, said in notes.items():
            # Where the same words close in one place and are not read in another, the lead reads them.
            for note in sorted(said, key=lambda one: not one.is_closing):
                digest = vault.blind_index("note", _same_words(note))
                if note.of_row:
                    values.add((own_id, note.of_row))
                if note.is_closing or digest not in read:
                    self._new[own_id, digest] = note
                    not_read.add((own_id, note.of_row))
        self.unread = frozenset(
            own_id for (own_id, _), note in self._new.items() if not (note.is_closing or note.of_row)
        )
        """The own ids of children next to whom there is a note that nobody has read."""
        self.values_read = frozenset(values - not_read)
        """(Child, row): the lead has read every word there in columns about who may have the letter."""

    def keep(self, children: Mapping[str, int], now: datetime) -> None:
        """Keep those that are not kept yet, in the import's transaction. `children`: row ids by own id."""
        new = {
            (children[own_id], digest): note
            for (own_id, digest), note in self._new.items()
            if own_id in children and (children[own_id], digest) not in self._there
        }
        ids = take_ids(RollNote, len(new))
        insert_rows(
            RollNote,
            _NEW,
            (
                (at, self._school, pupil, digest, _sealed(self._vault, at, note), note.is_closing, now)
                for at, ((pupil, digest), note) in zip(ids, new.items(), strict=True)
            ),
        )


def _same_words(note: Note) -> str:
    """What a group has in common. One word may mean two things under two headings."""
    words = words_of_note(note.words)
    return f"{words_of_note(note.where)}\n{words}" if note.of_row else words


def _sealed(vault: Vault, row_id: int, note: Note) -> bytes:
    return vault.encrypt("note", row_id, f"{note.where}\n{note.words}")


def _opened(vault: Vault, row_id: int, blob: bytes) -> tuple[str, str]:
    where, _, words = vault.decrypt("note", row_id, bytes(blob)).partition("\n")
    return where, words


_GROUPS = f"""
SELECT min(n.id), (array_agg(n.content ORDER BY n.id))[1], count(DISTINCT n.pupil_id)
FROM people_rollnote n JOIN people_child_on_roll p ON p.school_id = n.school_id AND p.id = n.pupil_id
WHERE n.school_id = %s AND n.read_at IS NULL AND NOT n.is_closing
  AND EXISTS (SELECT FROM people_care c WHERE c.school_id = n.school_id AND c.pupil_id = n.pupil_id
    AND c.restriction = 'unknown' AND c.restriction_reason = ANY(%s) AND {ALIVE})
GROUP BY n.note_hash ORDER BY 3 DESC, 1
"""  # noqa: S608 - a constant


def notes_not_read(school_id: int, *, now: datetime) -> list[NoteGroup]:
    """The notes that wait for the lead, the most frequent first. Raises SchoolKeyDestroyed."""
    with tenant(school_id):
        rows = fetch_rows(_GROUPS, [school_id, [*READ_WITH_NOTES]])
        vault = open_vault(school_id, now=now) if rows else None
        return [
            NoteGroup(note, *_opened(vault, note, content), children) for note, content, children in rows if vault
        ]


def notes_of_link(school_id: int, link: int, vault: Vault) -> list[tuple[str, str]]:
    """(where, words) of what is next to a link's child and not read, what closes first. Inside `tenant(school_id)`."""
    rows = fetch_rows(
        "SELECT n.id, n.content FROM people_rollnote n "
        "JOIN people_care c ON c.school_id = n.school_id AND c.pupil_id = n.pupil_id "
        "WHERE n.school_id = %s AND c.id = %s AND n.content IS NOT NULL ORDER BY n.is_closing DESC, n.id",
        [school_id, link],
    )
    return [_opened(vault, note, content) for note, content in rows]


_LIFT = """
UPDATE people_care c SET restriction_reason = %(not_said)s
FROM people_rollnote n
WHERE n.school_id = %(school)s AND n.note_hash = ANY(%(hashes)s) AND c.school_id = n.school_id
  AND c.pupil_id = n.pupil_id AND c.restriction = 'unknown' AND c.restriction_reason = ANY(%(reasons)s)
  AND NOT EXISTS (SELECT FROM people_rollnote o WHERE o.school_id = c.school_id AND o.pupil_id = c.pupil_id
    AND o.read_at IS NULL AND NOT o.is_closing)
"""


def say_ordinary(school_id: int, notes: Sequence[int], *, by: Actor, now: datetime) -> int:
    """The lead has read these notes, by the number of one of each group: they keep nobody away. Returns how many links
    now wait only for the lead's word on restrictions.

    The words are gone with it, and the same words are not asked about again. Raises NoteNotThere, MayOnlyClose, and
    ReviewerNotNamed for a role.
    """
    by.require_may_open()
    require_a_person(by)
    with tenant(school_id):
        wait_for_roll(school_id)
        waiting = RollNote.objects.filter(school_id=school_id, read_at=None, is_closing=False)
        hashes = [bytes(one) for one in waiting.filter(pk__in=notes).values_list("note_hash", flat=True)]
        if len(hashes) != len(set(notes)):
            raise NoteNotThere(
                "Somebody read some of these notes before you, or a new file came in.", "Look at what waits now."
            )
        waiting.filter(note_hash__in=hashes).update(read_at=now, read_by=by.text, content=None)
        with connection.cursor() as cursor:
            cursor.execute(
                _LIFT,
                {"school": school_id, "hashes": hashes, "not_said": NOT_SAID, "reasons": [*READ_WITH_NOTES]},
            )
            lifted = int(cursor.rowcount)
        record_event(
            action="read notes",
            by=by,
            subject_type="school",
            subject_id=school_id,
            now=now,
            school_id=school_id,
            detail={"notes": len(hashes), "links": lifted},
        )
        count_decision(school_id)
        return lifted
