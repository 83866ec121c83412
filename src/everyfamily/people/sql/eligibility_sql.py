"""Who may have the letter, as views that other apps read. The rules and their words are in core/adults/eligibility.py.

The views are `security_invoker`: readers see only what row-level security lets them see in the tables below.

- `people_link`: one adult and one child; `is_entitled`, `is_unclear`, `is_open`, `closes_shared_ways`.
- `people_child_year`: each child; `is_here`, and the highest and the lowest year group that it may be in, `up_to_year`
  and `at_least_year`.
- `people_adult_standing`: each adult with a child on the roll; `may_have_it`, `undecided`, for a letter to every child.
  A letter from a year group is for those whose `may_have_it_up_to` is that year or above, and a person decides about
  the others whose `undecided_up_to` is. Of a letter in two versions they get the secondary one if `at_least_year` is
  its first year or above: the highest year that a child of theirs is surely in. `vouched_up_to` is
  `may_have_it_up_to` for what was there when the lead last gave their word (words_sql.py).
- `people_way`: each contact point; `is_usable`; `is_closed` if somebody who may not have the letter shares it: by its
  value, by the mailbox or home behind it, or (`is_doubted`) because two addresses may be one home or two.
- `people_closed_home`: adults to whose home no letter is posted. `people_closed_bag`: children who carry no letter
  there.
"""

from __future__ import annotations

from everyfamily.core.adults.eligibility import CLOSED, CLOSING_REASONS
from everyfamily.core.keys.vault import SHORT_HASH
from everyfamily.core.rolls.model.roll_rows import RESTRICTIONS
from everyfamily.people.sql.entitlement import ENTITLED, UNCLEAR, USABLE
from everyfamily.people.sql.row_security import APP, PLANNER
from everyfamily.people.sql.years_sql import CHILD_YEAR, CHILD_YEAR_GRANT


def _list(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


_LINK = f"""
CREATE VIEW people_link WITH (security_invoker = true) AS
SELECT c.id, c.school_id, c.parent_id, c.pupil_id, c.relationship, c.priority, c.restriction, c.restriction_reason,
  {ENTITLED} AS is_entitled, {UNCLEAR} AS is_unclear, c.restriction = 'none' AND {ENTITLED} AS is_open,
  c.restriction IN ({_list(CLOSED)})
    OR (c.restriction = 'unknown' AND c.restriction_reason IN ({_list(CLOSING_REASONS)})) AS closes_shared_ways{{more}}
FROM people_care c;
"""  # noqa: S608 - constants

LINK = _LINK.format(more="")
"""Of before the columns of words_sql.py."""
LINK_NUMBERED = _LINK.format(more=",\n  c.added_in, c.reopened_in, c.vouched_in")

_RANK = f"CASE c.restriction {' '.join(f"WHEN '{one}' THEN {at}" for at, one in enumerate(RESTRICTIONS, start=1))} END"
_SEEN = """,
  max(CASE WHEN p.here AND c.is_entitled AND greatest(c.added_in, p.added_in) <= greatest(v.word, c.vouched_in)
    THEN p.up_to_year END) AS seen_up_to,
  bool_and(c.reopened_in <= greatest(v.word, c.vouched_in)) AS all_seen
"""
_BY_WORD = """
LEFT JOIN (SELECT w.school_id, max(w.word) AS word FROM people_attestation w GROUP BY w.school_id) v
  ON v.school_id = a.school_id
"""
_STANDING = f"""
SELECT a.school_id, a.id, max({_RANK}) AS strictest, min({_RANK}) AS loosest,
  bool_or(p.here AND c.is_entitled) AS entitled,
  bool_or(p.here AND c.is_unclear) AS unclear,
  bool_or(a.objects_at IS NOT NULL) AS objects,
  max(CASE WHEN p.here THEN p.up_to_year END) AS up_to,
  max(CASE WHEN p.here AND c.is_entitled THEN p.up_to_year END) AS entitled_up_to,
  max(CASE WHEN p.here AND c.is_unclear THEN p.up_to_year END) AS unclear_up_to,
  max(CASE WHEN p.here AND c.is_entitled THEN p.at_least_year END) AS at_least_year{{seen}}
FROM people_parent a
JOIN people_link c ON c.school_id = a.school_id AND c.parent_id = a.id
JOIN (SELECT y.school_id, y.id, y.is_here AS here, y.up_to_year, y.at_least_year{{added}}
  FROM people_child_year y) p
  ON p.school_id = c.school_id AND p.id = c.pupil_id{{by_word}}
WHERE p.here OR c.restriction IN ({_list(CLOSED)})
GROUP BY a.school_id, a.id HAVING bool_or(p.here)
"""  # noqa: S608 - constants
_BY_PERSON = "(strictest IN (2, 3) OR (strictest = 4 AND loosest < 4))"
_ADULT_STANDING = f"""
CREATE VIEW people_adult_standing WITH (security_invoker = true) AS
SELECT school_id, id, strictest = 1 AND entitled AND NOT objects AS may_have_it,
  NOT objects AND ({_BY_PERSON} OR (strictest = 1 AND NOT entitled AND unclear)) AS undecided,
  CASE WHEN strictest = 1 AND NOT objects THEN entitled_up_to END AS may_have_it_up_to,
  CASE WHEN objects THEN NULL WHEN {_BY_PERSON} THEN up_to WHEN strictest = 1 THEN unclear_up_to END AS undecided_up_to,
  at_least_year{{vouched}}
FROM ({{standing}}) found;
"""  # noqa: S608 - constants

ADULT_STANDING = _ADULT_STANDING.format(standing=_STANDING.format(seen="", by_word="", added=""), vouched="")
"""Of before the columns of words_sql.py."""
ADULT_VOUCHED = _ADULT_STANDING.format(
    standing=_STANDING.format(
        seen=_SEEN,
        by_word=_BY_WORD,
        added=", y.added_in",
    ),
    vouched=",\n  CASE WHEN strictest = 1 AND NOT objects AND all_seen THEN seen_up_to END AS vouched_up_to",
)
"""The same, with what the lead's newest word covers."""

KEYS = f"""
CREATE FUNCTION people_keys(kept bytea) RETURNS SETOF bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT substring(kept FROM n FOR {SHORT_HASH}) FROM generate_series(1, length(kept), {SHORT_HASH}) n
$$;
"""  # noqa: S608 - constants
"""The keys in one column, one in each row."""

OTHER_SIDES = f"""
CREATE FUNCTION people_other_sides(kept bytea) RETURNS SETOF bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT set_byte(key, {SHORT_HASH - 1}, get_byte(key, {SHORT_HASH - 1}) # 1) FROM people_keys(kept) AS k (key)
$$;
"""  # noqa: S608 - constants
"""The same keys as held by somebody on the other side (same_home.Doubt)."""

# `bool_or` over a hashed sub-select is computed once for each query. A join would be computed again for each contact
# point.
_BY_VALUE = """
(c.school_id, c.channel, c.value_hash) IN (
  SELECT b.school_id, b.channel, b.value_hash FROM people_closing_way b)
"""
_NEAR = """
(c.channel <> 'text' AND (coalesce(c.near_key, '') = ''
  OR c.near_key IN (SELECT b.near_key FROM people_closing_way b WHERE b.near_key <> '')
  OR (SELECT bool_or(coalesce(b.near_key, '') = '') FROM people_closing_way b WHERE b.channel <> 'text')))
"""
"""Somebody who may not have the letter has a way at this postcode or mailbox, or a way whose postcode cannot be read.
Few do, and nobody else's keys need to be looked at."""
_BY_KEY = """
coalesce((SELECT bool_or(k.key IN (SELECT people_keys(b.closing_keys) FROM people_closing_way b))
  FROM people_keys(c.closing_keys) AS k (key)), false)
"""
_BY_DOUBT = """
coalesce((SELECT bool_or(k.key IN (SELECT people_other_sides(b.doubt_keys) FROM people_closing_way b))
  FROM people_keys(c.doubt_keys) AS k (key)), false)
"""
_TOLD_APART = "c.id IN (SELECT t.way_id FROM people_hometoldapart t)"
_ANOTHER = """
EXISTS (SELECT 1 FROM people_closing_way b
  WHERE b.school_id = c.school_id AND b.channel = c.channel
    AND b.id NOT IN (SELECT t.shut_id FROM people_hometoldapart t WHERE t.way_id = c.id) AND {likeness})
"""
SAME = """
(b.value_hash = c.value_hash
  OR EXISTS (SELECT people_keys(b.closing_keys) INTERSECT SELECT people_keys(c.closing_keys)))
"""
MAYBE = """
EXISTS (SELECT people_other_sides(b.doubt_keys) INTERSECT SELECT people_keys(c.doubt_keys))
"""
_SURE = f"""
CASE WHEN {_TOLD_APART} THEN {_ANOTHER.format(likeness=SAME)}
  WHEN {_BY_VALUE} THEN true WHEN {_NEAR} THEN {_BY_KEY} ELSE false END
"""
_DOUBTED = f"""
CASE WHEN {_TOLD_APART} THEN {_ANOTHER.format(likeness=MAYBE)}
  WHEN {_NEAR} THEN {_BY_DOUBT} ELSE false END
"""
WAY = f"""
CREATE VIEW people_closing_way WITH (security_invoker = true) AS
SELECT o.id, o.school_id, o.parent_id, o.channel, o.value_hash, o.closing_keys, o.doubt_keys,
  o.near_key
FROM people_contactpoint o
-- An array, so that it is the same plan whatever the statistics say: a join looked at every link for each way.
WHERE o.parent_id = ANY (ARRAY(SELECT k.parent_id FROM people_link k WHERE k.closes_shared_ways));
CREATE VIEW people_way WITH (security_invoker = true) AS
SELECT w.*, w.is_shared OR w.is_doubted AS is_closed FROM (
  SELECT c.id, c.school_id, c.parent_id, c.channel, c.value, {USABLE} AS is_usable, {_SURE} AS is_shared,
    {_DOUBTED} AS is_doubted
  FROM people_contactpoint c) w;
"""  # noqa: S608 - constants

CLOSED_HOME = """
CREATE VIEW people_closed_home WITH (security_invoker = true) AS
SELECT w.school_id, w.parent_id, w.id FROM people_way w
WHERE w.channel = 'post' AND w.value IS NOT NULL AND w.is_closed;
"""
"""Adults to whose home the letter may not be posted. An address that is no longer in a newer file is not a home,
because an adult may have fled from it."""
CLOSED_BAG = """
CREATE VIEW people_closed_bag WITH (security_invoker = true) AS
SELECT DISTINCT c.school_id, c.pupil_id FROM people_care c
-- An array again: a join looked at every way of the school for each link.
WHERE c.has_care = 'yes' AND c.parent_id = ANY (ARRAY(SELECT h.parent_id FROM people_closed_home h));
"""
"""Children who carry no letter home, because one of the homes in which they are cared for is closed. The person who
opens the bag sees the copy, whoever it is for."""

GRANTS = f"""
GRANT SELECT ON people_link, people_adult_standing TO {APP}, {PLANNER};
GRANT SELECT ON people_closing_way, people_way, people_closed_home, people_closed_bag TO {APP};
"""
SQL = "\n".join(
    (LINK, CHILD_YEAR, CHILD_YEAR_GRANT, ADULT_STANDING, KEYS, OTHER_SIDES, WAY, CLOSED_HOME, CLOSED_BAG, GRANTS)
)
PUBLISHED = (
    *("people_link", "people_child_year", "people_adult_standing", "people_way"),
    *("people_closed_home", "people_closed_bag"),
)
"""Views that other apps may read."""
DROP = """
DROP VIEW IF EXISTS people_closed_bag;
DROP VIEW IF EXISTS people_closed_home;
DROP VIEW IF EXISTS people_way;
DROP VIEW IF EXISTS people_closing_way;
DROP FUNCTION IF EXISTS people_other_sides(bytea);
DROP FUNCTION IF EXISTS people_keys(bytea);
DROP VIEW IF EXISTS people_adult_standing;
DROP VIEW IF EXISTS people_child_year;
DROP VIEW IF EXISTS people_link;
"""
