"""What stops a site from being published, with every reason at once. A preview can still be made, and says so.

A number that nobody has rung, a translation that nobody has checked or a promise that nobody has made must not go to a
family.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from everyfamily.core.agreement.known_signatories import unknown_signatories
from everyfamily.core.errors import SourceLocation
from everyfamily.core.letter.promised_formats import LARGE_PRINT
from everyfamily.core.packs.site_text import NOT_YET
from everyfamily.core.packs.translations import is_second_person
from everyfamily.core.partnership.routes import Route, RouteState
from everyfamily.core.text.passages import Passage
from everyfamily.core.text.placeholders import gap_name, gaps_in
from everyfamily.parentsite.checked_words import site_findings
from everyfamily.parentsite.dead_numbers import dead_routes
from everyfamily.parentsite.furniture import furniture_of
from everyfamily.parentsite.hindrance import Hindrance
from everyfamily.parentsite.lines import route_link
from everyfamily.parentsite.named_outside import named_outside, texts_of
from everyfamily.parentsite.promised_formats import formats_not_there
from everyfamily.parentsite.site import Site

ROUTE, UNCHECKED, STALE, PROMISE, FURNITURE, REVIEW, UNKNOWN_ROUTE = (
    "EF342", "EF343", "EF344", "EF345", "EF346", "EF348", "EF352",
)  # fmt: skip
NO_TOPIC, SIGNATORY, FORMAT, RECORDING, OWN_WORDS = "EF354", "EF355", "EF358", "EF359", "EF187"

_WHY = {
    RouteState.EXPIRED: "was checked too long ago",
    RouteState.UNVERIFIED: "was checked by nobody",
}


def hindrances(site: Site) -> list[Hindrance]:
    """Everything that stops the site from being published, in the order in which a person would fix it."""
    return [
        *_routes(site),
        *(found for tag in site.languages for found in _unknown_routes(site, tag)),
        *_current_letter(site),
        *_formats(site),
        *_recordings(site),
        *_own_words(site),
        *_promises(site),
        *_reviews(site),
        *named_outside(site),
        *_words(site),
        *(found for tag in site.languages if tag != "en" for found in _language(site, tag)),
    ]


def _own_words(site: Site) -> Iterator[Hindrance]:
    """A topic's pages must have the words that its letter was made with."""
    for topic in site.topics:
        letters, pages = topic.newest.letter.overridden, topic.pack.overridden
        if letters is not None and (pages is None or pages.digest != letters.digest):
            yield Hindrance(
                OWN_WORDS,
                f"The letter {topic.newest.letter.reference} has your own words, and its pages do not have them.",
                "Give the overrides that the letter was composed with.",
            )


def good_until(site: Site) -> date:
    """The last day on which nothing is due: no route, no text, no source. After it, the site must be made again."""
    dead = {route.id for route in dead_routes(site)}
    days = [one.expires_on for one in _shown(site) if one.expires_on is not None and one.id not in dead]
    days += [site.pages.review_on, *(topic.pack.about.review_on for topic in site.topics)]
    for sources, texts in (
        (site.pages.sources, site.pages.texts),
        *((topic.pack.sources, topic.pack.site) for topic in site.topics),
    ):
        days += [sources[key].review_on for passage in texts["en"].passages() for key in passage.sources]
    return min(days)


def _shown(site: Site) -> Iterator[Route]:
    """Routes with their own number or address. The school's differs for each family."""
    for route in site.partnership.routes:
        if route_link(route) is not None:
            yield route


def _routes(site: Site) -> Iterator[Hindrance]:
    """Routes that may not be shown. One that is dead hinders nothing: the pages have it no more, and a site that stays
    as it was would still have it."""
    dead = {route.id for route in dead_routes(site)}
    for route in _shown(site):
        state = route.state_on(site.today)
        if state is not RouteState.GOOD and route.id not in dead:
            ahead = route.checked_on is not None and route.checked_on > site.today
            yield Hindrance(
                ROUTE,
                f'The route "{route.id}" {"has a check that is dated after today" if ahead else _WHY[state]}.',
                "Ring or open it, and write the day and your role next to it.",
                SourceLocation(site.partnership.file, route.line),
            )


def _passages(site: Site, tag: str) -> Iterator[Passage]:
    for _, texts in texts_of(site):
        if tag in texts:
            yield from texts[tag].passages()


def _unknown_routes(site: Site, tag: str) -> Iterator[Hindrance]:
    known = {gap_name(f"route {route.id}") for route in _shown(site)}
    known |= {gap_name(f"route {route.id} name") for route in site.partnership.routes}
    for passage in _passages(site, tag):
        for gap in gaps_in(passage.words):
            if gap.startswith("route ") and gap not in known:
                yield Hindrance(
                    UNKNOWN_ROUTE,
                    f'A page needs "(({gap}))", which the route register does not have.',
                    "Add the route to the partnership's file.",
                    passage.place,
                    None if tag == "en" else tag,
                )


def _promises(site: Site) -> Iterator[Hindrance]:
    made = {promise.id for promise in site.partnership.promises}
    told: set[str] = set()
    for passage in _passages(site, "en"):
        for promise in passage.promises:
            if promise in made or promise in told:
                continue
            told.add(promise)
            yield Hindrance(
                PROMISE,
                f'A page promises "{promise}", but nobody has agreed to it.',
                "Ask the manager who can make it true, and write a [[promises]] row.",
                passage.place,
            )


def _reviews(site: Site) -> Iterator[Hindrance]:
    due = [("parent-site/site.toml", site.pages.review_on)]
    due += [(f"{topic.pack.id}/pack.toml", topic.pack.about.review_on) for topic in site.topics]
    for file, day in due:
        if day < site.today:
            yield Hindrance(
                REVIEW,
                f"Its words were to be read again by {day.isoformat()}.",
                "Read every word and every source again, and write the next day.",
                SourceLocation(file),
            )


def _current_letter(site: Site) -> Iterator[Hindrance]:
    """A letter without its topic's pages, or approved by other people than the partnership's file names."""
    current = site.current
    if site.topic_of(current) is None:
        yield Hindrance(
            NO_TOPIC,
            f'The pack "{current.letter.pack}" of the newest letter is not there, or has no pages for the site.',
            "Give the folder of packs that holds it.",
        )
    known = {who.id: who.keys for who in site.partnership.signatories if who.keys}
    if known:
        for fault in unknown_signatories(current.seal.record, current.seal.approvals, known):
            yield Hindrance(
                SIGNATORY,
                fault,
                "Find out who approved the newest letter.",
                SourceLocation(site.partnership.file),
            )


def _formats(site: Site) -> Iterator[Hindrance]:
    newest = site.letters[0]
    if newest.withdrawn:
        return  # nothing may keep the site from saying so
    for name in formats_not_there(newest):
        large = name == LARGE_PRINT.name
        yield Hindrance(
            FORMAT,
            f"The newest letter sends families to the site for {name}, and the site does not have it.",
            "Give the letter's folder, which has the file."
            if large
            else "Write in the letter whom to ask for it, and seal the letter again.",
        )
    # The demonstration's letter names drafts, which only a preview shows.
    for tag in () if site.partnership.demonstration else newest.letter.languages:
        if tag not in site.languages:
            yield Hindrance(
                FORMAT,
                f'The newest letter says that its page can be read in "{tag}", and the site is not in it.',
                "Make the site in that language too.",
            )


def _recordings(site: Site) -> Iterator[Hindrance]:
    for one in site.letters:
        for recording in one.recordings.values():
            for fact, fix in recording.faults:
                yield Hindrance(RECORDING, fact, fix, recording.place)


def _words(site: Site) -> Iterator[Hindrance]:
    """What the linter stops, with each fact once, because many passages can depend on one source that is due."""
    told: set[tuple[str, str]] = set()
    for one in site_findings(site, site.today):
        if (one.code, one.message) not in told:
            told.add((one.code, one.message))
            yield Hindrance(one.code, f"{one.message}.", one.hint, one.place)


def _language(site: Site, tag: str) -> Iterator[Hindrance]:
    furniture = furniture_of(tag)
    name = f"src/everyfamily/parentsite/locale/{tag}/LC_MESSAGES/site.po"
    if not furniture.is_reviewed:
        yield Hindrance(
            UNCHECKED,
            f'No second person has checked the short words in "{tag}" as they are.',
            "Ask somebody to compare them with the English. Name them in its header as X-Checker, and write "
            f"X-Checked-Digest: {furniture.own_digest}",
            SourceLocation(name),
            tag,
        )
    if furniture.missing:
        yield Hindrance(
            FURNITURE,
            f'{len(furniture.missing)} short words have no translation in "{tag}", "{furniture.missing[0]}" first.',
            "Translate them in the catalogue.",
            SourceLocation(name),
            tag,
        )
    for folder, texts in texts_of(site):
        text = texts.get(tag)
        if text is None:
            continue
        place = SourceLocation(text.title.place.file)
        if not text.is_reviewed:
            named = is_second_person(text.checker, text.translator or "")
            fact = "was changed after its checker read it" if named else "has been checked by no second person"
            yield Hindrance(
                UNCHECKED,
                f'The translation "{tag}" {fact}.',
                f"Ask somebody to compare it with the English. Name them as checker in [site.translations.{tag}] of "
                f'{_about(folder)}, and write there checked_digest = "{text.own_digest}".',
                place,
                tag,
            )
        if text.english_digest != texts["en"].english_digest:
            yield Hindrance(
                STALE,
                f'The translation "{tag}" was made of another English.',
                f'Bring it in step, then write english_digest = "{texts["en"].english_digest}".',
                place,
                tag,
            )


def untranslated(site: Site, tag: str) -> int:
    """How many passages are in English on the pages of a language, not counting headings and asides."""
    count = 0
    for _, texts in texts_of(site):
        own = texts.get(tag)
        for section in texts["en"].sections:
            theirs = own.section(section.id) if own else None
            if theirs is None:
                count += len(section.passages)
            else:
                count += sum(passage.text == NOT_YET for passage in theirs.passages)
    return count


def _about(folder: str) -> str:
    return f"{folder}/{'site.toml' if folder == 'parent-site' else 'pack.toml'}"
