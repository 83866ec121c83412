"""What people said about the columns of a school's exports: asked once for a layout, and remembered."""

from __future__ import annotations

from datetime import datetime

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.rolls.layout.questions import Answers, KnownAnswers
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.models import RollAnswers, RollMapping


def saved_answers(school_id: int) -> KnownAnswers:
    """Everything that was said about the school's exports."""
    with tenant(school_id):
        found = list(RollAnswers.objects.filter(school_id=school_id).values_list("layout", "answers"))
    return KnownAnswers(
        {
            layout: {(heading, occurrence): column for heading, occurrence, column in said}
            for layout, said in found
        }
    )


def keep_answers(school_id: int, layout: str, answers: Answers, *, by: Actor, now: datetime) -> None:
    """Keep what was said about one layout. What was said before about other columns of it stays."""
    with tenant(school_id):
        kept = RollAnswers.objects.filter(school_id=school_id, layout=layout).first()
        before = {(heading, nth): column for heading, nth, column in kept.answers} if kept else {}
        said = [[heading, nth, column] for (heading, nth), column in sorted({**before, **answers}.items())]
        RollAnswers.objects.update_or_create(
            school_id=school_id, layout=layout, defaults={"answers": said, "saved_at": now, "saved_by": by.text}
        )
        record_event(
            action="answer about an export",
            by=by,
            subject_type="school",
            subject_id=school_id,
            now=now,
            school_id=school_id,
            detail={"layout": layout[:12], "columns": len(answers)},
        )


def forget_columns(school_id: int, *, by: Actor, now: datetime) -> None:
    """Forget what was said about the columns of the school's exports, in either way. The next file asks again."""
    with tenant(school_id):
        RollAnswers.objects.filter(school_id=school_id).delete()
        RollMapping.objects.filter(school_id=school_id).delete()
        record_event(
            action="forget columns",
            by=by,
            subject_type="school",
            subject_id=school_id,
            now=now,
            school_id=school_id,
        )
