"""Invented people and streets: common names by language, combined at random, not taken from any register."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """First names of mothers and fathers and family names that go with a language."""

    mothers: tuple[str, ...]
    fathers: tuple[str, ...]
    families: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _names(mothers: str, fathers: str, families: str) -> Names:
    return Names(_words(mothers), _words(fathers), _words(families))


NAMES: dict[str, Names] = {
    "en": _names(
        "Abigail Alison Amy Beth Carla Chloe Claire Danielle Donna Ellie Emma Faye Gemma Grace Hannah Helen "
        "Jade Jenna Jodie Karen Kate Kelly Laura Leanne Lisa Louise Megan Natalie Nicola Paula Rachel Rebecca "
        "Rosa Sarah Siobhan Sophie Stacey Tara Vicky Zoe",
        "Aaron Adam Alan Andrew Ben Callum Carl Chris Craig Daniel Darren David Dean Eddie Gareth Gary Ian Jack "
        "James Jason Joe Karl Kevin Kieran Lee Liam Mark Martin Matthew Michael Neil Paul Peter Ricky Robert "
        "Ryan Simon Stephen Terry Wayne",
        "Abbott Aldridge Appleyard Ashdown Barlow Beckett Birch Bramwell Calder Carmody Chadwick Coombes "
        "Croft Dalby Dunmore Easton Ellwood Fairley Farrow Garside Gilroy Hadley Hargreave Hebden Holloway "
        "Ingham Jessop Kirkham Langley Lomax Marsden Mercer Netherby Norcross O'Hara O'Rourke Ogden Pemberton "
        "Pickford Quarmby Rawson Redfern Rimmer Rowley Shaw Sidwell Stanway Tattersall Thorne Tully Underhill "
        "Vickers Wainwright Walmsley Westhead Whitlock Winstanley Yardley Yates",
    ),
    "pl": _names(
        "Agnieszka Anna Dorota Ewa Joanna Katarzyna Magdalena Małgorzata Monika Zofia",
        "Andrzej Grzegorz Jan Krzysztof Łukasz Marek Paweł Piotr Tomasz Wojciech",
        "Dąbek Gajda Krawczyk Król Mazur Nowak Pawlak Sikora Stępień Szymczak Wójcik Zając",
    ),
    "ur": _names(
        "Amina Ayesha Bushra Fatima Hina Nadia Rabia Saima Sana Zainab",
        "Adeel Ahmed Bilal Faisal Hamid Imran Kashif Omar Tariq Usman",
        "Akhtar Anwar Aslam Butt Chaudhry Hussain Iqbal Javed Malik Mirza Qureshi Siddiqui",
    ),
    "ar": _names(
        "Alaa Dina Hanan Huda Layla Maryam Noor Rania Salma Yasmin",
        "Ali Anas Hassan Ibrahim Karim Khaled Mahmoud Samir Yousef Ziad",
        "Abdullah Al-Amin Al-Rashid Darwish Haddad Hamdan Khalil Mansour Nasser Saleh Sharif Zaid",
    ),
    "so": _names(
        "Amal Asha Ayaan Fadumo Hodan Idil Ifrah Khadra Sahra Sucdi",
        "Abdi Abdirahman Cabdi Farah Guled Hassan Ismail Mahad Mohamed Yusuf",
        "Abdullahi Ahmed Ali Cali Dirie Elmi Farah Hersi Jama Nuur Omar Warsame",
    ),
    "zh": _names(
        "Fang Hua Jing Lan Lihua Mei Ning Xia Yan Ying",
        "Bo Chao Feng Gang Hao Jian Jun Lei Ming Wei",
        "Cai Chen Deng Gao Huang Li Lin Wang Wu Xu Zhang Zhou",
    ),
    "ro": _names(
        "Alina Andreea Cristina Elena Ioana Irina Mihaela Raluca Ștefania Simona",
        "Adrian Andrei Cătălin Cristian Florin Gheorghe Ionuț Marius Șerban Vasile",
        "Albu Bălan Constantin Dobre Dumitru Ionescu Lungu Munteanu Popa Radu Stan Țurcanu",
    ),
    "bn": _names(
        "Afsana Farzana Jahanara Momtaz Nasrin Rahima Rehana Rukshana Shirin Taslima",
        "Abdul Anwarul Faruk Jamal Kamrul Mizanur Nazrul Rafiq Shafiq Tareq",
        "Begum Bhuiyan Chowdhury Haque Islam Khan Mannan Miah Rahman Sarkar Talukdar Uddin",
    ),
    "pt": _names(
        "Ana Beatriz Carla Catarina Filipa Inês Joana Mariana Rita Sofia",
        "António Bruno Diogo Hugo João Luís Nuno Pedro Rui Tiago",
        "Almeida Carvalho Costa Fonseca Gonçalves Lopes Marques Mendes Nunes Pinto Simões Teixeira",
    ),
    "ku": _names(
        "Avin Bahar Berivan Chnar Evin Gulan Hêvî Nazdar Rojin Shilan",
        "Aram Azad Baran Dilshad Hiwa Karwan Rebin Rojan Sherko Soran",
        "Ahmad Amin Aziz Barzan Hama Hasan Karim Mahmood Mustafa Othman Rasul Salih",
    ),
}

_STREET_FIRST = _words(
    "Almond Anvil Aspen Barley Basin Beacon Bellhouse Bobbin Brewer Candle Canal Chapel Cinder Cobbler Cooper "
    "Coral Damson Drover Ferry Filbert Flint Foundry Fuller Glover Granary Harrow Hawthorn Hopper Ivy Juniper "
    "Kiln Lantern Laurel Lighter Lime Loom Madder Malthouse Mason Medlar Millrace Mulberry Oakum Osier Otter "
    "Paddock Pewter Pilot Poplar Potter Quarry Quince Ratchet Reed Ropery Rowan Saddler Saffron Shuttle Signal "
    "Slate Smithy Spindle Stable Swift Tanner Thimble Thistle Tinder Turner Walnut Warp Weaver Weft Wharf "
    "Wherry Woad Wren"
)
_STREET_SECOND = _words("Street Road Lane Avenue Close Drive Grove Terrace Way Rise Walk Gardens")
STREETS = tuple(f"{first} {second}" for second in _STREET_SECOND for first in _STREET_FIRST)
# British postcodes use these letters after the space. C, I, K, M, O and V do not occur there.
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"
_HOMES_A_POSTCODE = 15

_PLAIN = str.maketrans({"ł": "l", "Ł": "L", "'": "", " ": "", "-": ""})


def address_of(home: int) -> tuple[tuple[str, str], str]:
    """Return address lines and postcode of a home. Every number has its own address in the town of Eastmere.

    EM is not a real postcode area, but its form passes django-localflavor's pattern.
    """
    order, street = divmod(home, len(STREETS))
    number = order + 1 + street % 7
    block = (order // _HOMES_A_POSTCODE) % len(_INWARD)
    digit, district = street % 10, street // 10 % 19 + 1
    letters = _INWARD[street // 190 % len(_INWARD)] + _INWARD[block]
    return (f"{number} {STREETS[street]}", "Eastmere"), f"EM{district} {digit}{letters}"


def mailbox_name(name: str) -> str:
    """Return a name in the form used before the @: plain letters, lower case."""
    decomposed = unicodedata.normalize("NFKD", name.translate(_PLAIN).lower())
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalnum())
