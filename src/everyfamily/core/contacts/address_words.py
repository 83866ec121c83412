"""What the words of an address mean when two addresses are compared (same_home.py): flats, floors, kinds of building,
kinds of street, and what does not name a home at all."""

from __future__ import annotations

UNITS = frozenset(
    (
        *("flat", "flt", "fl", "fflat", "apartment", "apt", "appt", "aptmt", "unit", "uned", "studio", "suite"),
        *("room", "rm", "ystafell", "maisonette", "mais", "annexe", "annex", "bedsit", "penthouse", "dorm"),
        *("flats", "wing"),
        *("plot", "pitch", "static", "berth", "mooring", "chalet", "cabin", "caravan", "lot", "pod"),
    )
)
"""Before the number or letter of a flat."""
BLOCKS = frozenset(("block", "blk", "bloc"))
ALONE = {
    "annex": "annexe",
    "annexe": "annexe",
    "penthouse": "penthouse",
    "maisonette": "maisonette",
    "flat": "flat",
    "flt": "flat",
    "fflat": "flat",
    "apartment": "flat",
    "studio": "flat",
    "bedsit": "bedsit",
    "upstairs": "top",
    "downstairs": "ground",
    "caravan": "caravan",
    "chalet": "chalet",
    "garage": "garage",
    "rear": "rear",
    "r/o": "rear",
    "above": "above",
    "over": "above",
}
"""Words that say which home in a building it is, even without a number."""
FLOORS = {
    "basement": "basement",
    "lower": "basement",
    "garden": "garden",
    "ground": "ground",
    "grd": "ground",
    "gwaelod": "ground",
    "first": "1st",
    "1st": "1st",
    "second": "2nd",
    "2nd": "2nd",
    "third": "3rd",
    "3rd": "3rd",
    "fourth": "4th",
    "4th": "4th",
    "fifth": "5th",
    "5th": "5th",
    "top": "top",
    "upper": "top",
    "upstairs": "top",
    "downstairs": "ground",
    "attic": "top",
}
NTH = {"0": "ground", "1": "1st", "2": "2nd", "3": "3rd", "4": "4th", "5": "5th"}
"""Of "floor 2"."""
FLOOR_FLATS = {
    "bff": "basement",
    "lgf": "basement",
    "lgff": "basement",
    "gff": "ground",
    "gffl": "ground",
    "gf": "ground",
    "fff": "1st",
    "sff": "2nd",
    "tff": "top",
}
""""Ground floor flat" and similar, as letters."""
WORDED = frozenset((*FLOORS.values(), *FLOOR_FLATS.values(), *ALONE.values()))
"""A flat that is named by a word. Two such words in one house are two flats, with these exceptions."""
MAY_BE = {"garden": ("basement", "ground"), "top": ("1st", "2nd", "3rd", "4th", "5th")}
"""A garden flat may be the one in the basement, and the top flat the one on the second floor."""
NUMBER_WORDS = dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        map(str, range(1, 13)),
        strict=True,
    )
)
NUMBER_SIGNS = frozenset(("no", "nr", "number", "num", "rhif", "nos"))
ARTICLES = frozenset(("the", "y", "yr", "narrowboat", "houseboat"))
FULL = {
    "hse": "house",
    "ho": "house",
    "ct": "court",
    "crt": "court",
    "cott": "cottage",
    "cottages": "cottage",
    "cotts": "cottage",
    "ctg": "cottage",
    "bldg": "buildings",
    "bldgs": "buildings",
    "building": "buildings",
    "apts": "apartments",
    "fm": "farm",
    "ldg": "lodge",
    "mans": "mansions",
    "mansion": "mansions",
    "twr": "tower",
    "hts": "heights",
    "st": "saint",
    "rd": "road",
    "ave": "avenue",
    "av": "avenue",
    "ln": "lane",
    "cl": "close",
    "dr": "drive",
    "gdns": "gardens",
    "gdn": "garden",
    "sq": "square",
    "cres": "crescent",
    "crs": "crescent",
    "terr": "terrace",
    "ter": "terrace",
    "rw": "row",
    "flr": "floor",
    "pl": "place",
    "pk": "park",
    "gr": "grove",
}
"""Short forms. "St" is a saint here. At the end of a street it is a street."""
BUILDINGS = frozenset(
    (
        *("house", "court", "mansions", "buildings", "apartments", "flats", "tower", "towers", "heights"),
        *("lodge", "hall", "mill", "wharf", "chambers", "residences", "cottage", "farm"),
        *("farmhouse", "barn", "villa", "villas", "manor", "grange", "bungalow", "vicarage", "rectory"),
        *("hostel", "inn", "refuge", "hotel", "stables", "croft", "quarters", "barracks"),
    )
)
STREETS = frozenset(
    (
        *("road", "street", "lane", "avenue", "close", "drive", "gardens", "square", "crescent", "terrace"),
        *("row", "place", "park", "grove", "way", "walk", "hill", "rise", "view", "mews", "parade", "green"),
        *("gate", "yard", "path", "end", "saint", "wynd", "brae", "loan", "vennel"),
    )
)
"""How a street ends."""
WELSH_STREETS = frozenset(("heol", "ffordd", "stryd", "lon", "rhodfa", "sraid", "rathad", "slighe"))
"""How a street begins in Welsh and Gaelic."""
BEFORE_STREETS = WELSH_STREETS | {"maes", "clos", "cwrt", "the", "y", "yr", "an", "a", "saint"}
"""What comes before the word that distinguishes one street from another."""
TITLES = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "dame", "master"))
ADDRESSEES = frozenset(("occupier", "resident", "parent", "parents", "guardian", "guardians", "carer", "carers"))
"""A line that begins like this names people, not a home."""
