"""SQL for who is a parent or carer of a child, about a link `c` of people_care; for who is here, about a child `p`; and
for which way is usable, about a contact point `c`.

The Education Act 1996, section 576: somebody who is a parent, has parental responsibility, or has care of the child.
"""

from __future__ import annotations

UNSAID = "(c.parental_responsibility = 'unknown' OR c.has_care = 'unknown')"
ENTITLED = f"""
(c.parental_responsibility = 'yes' OR c.has_care = 'yes' OR (c.parent_or_carer = 'yes' AND {UNSAID}))
"""
"""For a link `c`: the adult is a parent or carer of the child, according to the file, or to a person if the file is
silent."""
UNCLEAR = f"""
(c.parental_responsibility <> 'yes' AND c.has_care <> 'yes' AND c.parent_or_carer = '' AND {UNSAID})
"""
"""For a link `c`: neither the file nor a person says whether the adult is a parent or carer of the child."""
HERE = "(p.on_roll_to IS NULL AND p.died_known_at IS NULL)"
"""For a child `p` of people_pupil: on the roll and alive, as far as is known."""
USABLE = "(c.status = 'usable' AND c.value IS NOT NULL)"
"""For a contact point `c`: nobody opted out of it, it is not dead, and it was not purged."""
WAITS = "c.restriction IN ('unknown', 'hold')"
"""Of a link `c`: a person must decide who may have the letter."""
ENDED = """
EXISTS (SELECT FROM people_ground g WHERE g.school_id = c.school_id AND g.care_id = c.id
  AND g.decided_at = c.restriction_reviewed_at AND c.restriction = 'do not send' AND g.ends_on < %(today)s)
"""
"""Of a link `c`: what kept the adult away has ended, and nobody has decided again. It stays closed."""
ALIVE = """
NOT EXISTS (SELECT FROM people_parent d
  WHERE d.school_id = c.school_id AND d.id = c.parent_id AND d.died_known_at IS NOT NULL)
"""
"""Of a link `c`: nobody was told that the adult has died."""
SHOWN_BEFORE_DEATHS = """
(p.is_here
  -- Closed about a child who is gone, it closes for a brother or sister too, and waits for a decision.
  OR c.restriction IN ('hold', 'do not send') AND EXISTS (SELECT 1 FROM people_care k
    JOIN people_child_on_roll s ON s.school_id = k.school_id AND s.id = k.pupil_id
    WHERE k.school_id = c.school_id AND k.parent_id = c.parent_id))
"""
"""Of before a death of an adult was kept. The migrations of that time run it."""
SHOWN = f"({SHOWN_BEFORE_DEATHS} AND {ALIVE})"
"""For a link `c` and its child `p` of people_child: whoever decides about restrictions is shown it."""
