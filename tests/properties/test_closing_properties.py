"""No spelling of a closed home, mailbox or name gets through; nobody else is closed for it but by a counted doubt."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from everyfamily.core.adults.same_adult import plain_name
from everyfamily.core.adults.same_name import name_pairs
from everyfamily.core.contacts.same_home import home_of
from everyfamily.core.contacts.same_mailbox import mailbox_of

STREETS = ["Lantern Row", "Mill Road", "Quayfield Lane", "St Ann's Close", "High Street", "Upper Dock Avenue"]
TOWNS = [[], ["Eastmere"], ["Longtown", "Eastmere"], ["Eastmere", "Eastshire"]]
POSTCODES = ["EM4 7QX", "EM4 7QY", "EM12 1AA"]
numbers = st.integers(1, 400).map(str)
flats = st.one_of(st.integers(1, 60).map(str), st.sampled_from("ABCDEF"))
SHORT = {"Road": "Rd", "Lane": "Ln", "Street": "St", "Avenue": "Ave", "Close": "Cl", "Row": "Rw"}


@st.composite
def cases(draw: st.DrawFn, text: str) -> str:
    """Small letters, capitals, or as it is, with more blanks or dots than it needs."""
    text = draw(st.sampled_from([str, str.upper, str.lower]))(text)
    return text.replace(" ", draw(st.sampled_from([" ", "  "])))


@st.composite
def spellings(draw: st.DrawFn, number: str, flat: str, street: str, postcode: str) -> list[str]:
    """One home as schools' offices write it: the lines of an address, the postcode last."""
    if draw(st.booleans()):
        street = " ".join(SHORT.get(word, word) for word in street.split())
    sign = draw(st.sampled_from(["", "", "No. ", "No ", "number "]))
    house = f"{sign}{number}{draw(st.sampled_from([' ', ', ']))}{street}"
    if flat:
        word = draw(st.sampled_from(["Flat", "flat no", "Apt.", "Apartment", "Unit"]))
        unit = f"{word} {flat}"
        parts = [unit, house] if draw(st.booleans()) or sign else [house, unit]
        if flat.isalpha() and not sign:
            parts = draw(st.sampled_from([parts, [f"{number}{flat} {street}"]]))
    else:
        parts = [house]
    parts += draw(st.sampled_from(TOWNS))
    lines = draw(st.sampled_from([parts, [", ".join(parts)]]))
    return [*(draw(cases(line)) for line in lines), postcode]


@st.composite
def homes(draw: st.DrawFn) -> tuple[str, str, str, str]:
    return (
        draw(numbers),
        draw(st.one_of(st.just(""), flats)),
        draw(st.sampled_from(STREETS)),
        draw(st.sampled_from(POSTCODES)),
    )


@given(data=st.data(), home=homes())
def test_every_spelling_of_a_home_is_that_home(data: st.DataObject, home: tuple[str, str, str, str]) -> None:
    one, other = data.draw(spellings(*home)), data.draw(spellings(*home))
    assert home_of(one).is_home_of(home_of(other)), (one, other)


@given(data=st.data(), home=homes(), other=homes())
def test_no_other_home_is_closed_but_by_a_doubt(
    data: st.DataObject, home: tuple[str, str, str, str], other: tuple[str, str, str, str]
) -> None:
    number, flat, _, postcode = home
    # By house, flat and postcode: two streets of one postcode never share a house's number by plan.
    assume((number, flat, postcode) != (other[0], other[1], other[3]))
    one, two = home_of(data.draw(spellings(*home))), home_of(data.draw(spellings(*other)))
    assert not one.is_home_of(two)
    may_be = (number, postcode) == (other[0], other[3]) and bool(flat) != bool(other[1])
    assert one.may_be_home_of(two) is may_be is two.may_be_home_of(one)


@pytest.mark.slow
@given(st.lists(st.text(max_size=30), min_size=1, max_size=6), st.sampled_from(POSTCODES))
def test_any_lines_give_a_home_that_is_its_own(lines: list[str], postcode: str) -> None:
    home = home_of([*lines, postcode])
    again = home_of([*(line.upper() if line.isascii() else line for line in lines), postcode])
    assert home == again
    assert not home.keys or home.is_home_of(again)
    assert not home.may_be_home_of(again)


words = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=2, max_size=12)


@given(
    name=words,
    tag=st.one_of(st.just(""), words),
    twin=st.sampled_from(["gmail.com", "googlemail.com", "GMAIL.com"]),
    dots=st.sets(st.integers(1, 10)),
)
def test_every_spelling_of_a_gmail_address_is_one_mailbox(name: str, tag: str, twin: str, dots: set[int]) -> None:
    spelt = "".join(f".{letter}" if n in dots else letter for n, letter in enumerate(name))
    assert mailbox_of(f"{spelt}{'+' if tag else ''}{tag}@{twin}") == mailbox_of(f"{name}@gmail.com")


@given(one=words, other=words, domain=st.sampled_from(["example.org", "gmail.com", "proton.me", "me.com"]))
def test_another_name_is_another_mailbox(one: str, other: str, domain: str) -> None:
    assert (mailbox_of(f"{one}@{domain}") == mailbox_of(f"{other}@{domain}")) is (one == other)


FIRST = ["Karl", "Petra", "Omar", "José", "Zoë", "Siân", "Mary-Ann"]
LAST = ["Ash", "Ferris", "O'Brien", "Núñez", "Khan", "Okafor-Lowe"]
LOOK_ALIKE = str.maketrans("aeopcxyi", "аеорсхуі")


@given(
    first=st.sampled_from(FIRST),
    last=st.sampled_from(LAST),
    middle=st.sampled_from(["", " J", " J.", " James", " van der"]),
    suffix=st.sampled_from(["", " Jr", " Senior", " II"]),
    form=st.sampled_from(
        ["{f}{m} {l}{s}", "{l}, {f}{m}", "{l} {f}", "{f}{m} {l}-Brown", "{f} {l} (Mum)", "Mr {f} {l}"]
    ),
    letters=st.sampled_from([str, str.upper, str.lower, lambda name: name.translate(LOOK_ALIKE)]),
)
def test_whoever_may_be_somebody_by_first_and_last_name_is_asked_about(  # type: ignore[no-untyped-def]
    first: str, last: str, middle: str, suffix: str, form: str, letters
) -> None:
    spelt = letters(form.format(f=first, l=last, m=middle, s=suffix))
    assert name_pairs(plain_name(spelt)) & name_pairs(plain_name(f"{first} {last}")), spelt


@given(st.sampled_from(FIRST), st.sampled_from(FIRST), st.sampled_from(LAST), st.sampled_from(LAST))
def test_nobody_of_another_first_or_last_name_is_asked_about(a: str, b: str, c: str, d: str) -> None:
    assume((a, c) != (b, d))
    assert not name_pairs(plain_name(f"{a} {c}")) & name_pairs(plain_name(f"{b} {d}"))


@given(data=st.data(), home=homes())
def test_the_short_way_for_a_plain_address_gives_the_same(
    data: st.DataObject, home: tuple[str, str, str, str]
) -> None:
    from everyfamily.core.contacts import same_home

    lines = data.draw(
        st.one_of(
            spellings(*home),
            st.lists(st.from_regex(r"[0-9]{0,3} ?[A-Za-z ]{1,20}", fullmatch=True), min_size=1, max_size=4).map(
                lambda parts: [*parts, "EM4 7QX"]
            ),
        )
    )
    postcode = "".join(lines[-1].split()).casefold()
    plain = same_home._plain_home(lines, postcode)
    assert plain is None or plain == same_home._home(lines, postcode)
