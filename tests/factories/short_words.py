"""The small set of the demonstration's pack in Polish, as files: made by one person and read by another."""

from __future__ import annotations

from everyfamily.core.packs.packs import Pack, parse_pack
from everyfamily.core.packs.site_text import site_digest
from tests.factories.demonstration import demo_pack, pack_files

POLISH = """\
# Jak chronić dzieci przed wykorzystaniem seksualnym {#title}

## {#danger}

Jeśli dziecko jest teraz w niebezpieczeństwie, zadzwoń pod ((route emergency)).

Nie możesz mówić? Na telefonie komórkowym zakaszl lub stuknij. Gdy o to poproszą, naciśnij 55. To nie
pokazuje nam, gdzie jesteś.

## Trzymaj to przy telefonie {#card}

- Niebezpieczeństwo teraz | ((route emergency))
- Zespół do spraw dzieci w ((area)) | ((route local))
- Policja, jeśli to może poczekać | ((route police))
- Szkoła dziecka | ((route school))
- Dla każdej osoby dorosłej: ((route adults name)) | ((route adults))
- Poniżej 19 lat: ((route children name)) | ((route children))

Nie musisz mieć pewności.

Możesz powiedzieć: „Martwię się o moje dziecko. Widzę pewne zmiany”.

Nie możesz mówić? Zadzwoń pod ((route emergency)) z komórki, zakaszl lub stuknij, potem naciśnij 55.

Nie słyszysz? W niebezpieczeństwie użyj ((route emergency)) BSL lub wybierz 18000. Przed innymi numerami wybierz 18001.
Aby pisać SMS-y pod ((route emergency)), wyślij tam teraz słowo „register”.

Potrzebujesz tłumacza? Powiedz, w jakim języku mówisz.

## {#message}

((school)): list o bezpieczeństwie dzieci jest na https://((page)) Dostaje go każda rodzina.
Niebezpieczeństwo teraz? Zadzwoń pod ((route emergency)).
"""

SCRIPTS = {
    "ar": ("حماية الأطفال من الاستغلال الجنسي", "إذا كان طفل في خطر الآن، اتصلوا بالرقم ((route emergency))."),
    "ur": (
        "بچوں کو جنسی استحصال سے محفوظ رکھنا",
        "اگر کوئی بچہ ابھی خطرے میں ہے تو ((route emergency)) پر فون کریں۔",
    ),
    "ckb": (
        "پاراستنی منداڵان لە بەکارهێنانی سێکسی",
        "ئەگەر منداڵێک ئێستا لە مەترسیدایە، پەیوەندی بکە بە ((route emergency)).",
    ),
    "bn": ("শিশুদের যৌন শোষণ থেকে নিরাপদ রাখা", "কোনো শিশু এখন বিপদে থাকলে ((route emergency)) নম্বরে ফোন করুন।"),
    "pa": (
        "ਬੱਚਿਆਂ ਨੂੰ ਜਿਨਸੀ ਸ਼ੋਸ਼ਣ ਤੋਂ ਸੁਰੱਖਿਅਤ ਰੱਖਣਾ",
        "ਜੇ ਕੋਈ ਬੱਚਾ ਹੁਣ ਖ਼ਤਰੇ ਵਿੱਚ ਹੈ, ਤਾਂ ((route emergency)) ਤੇ ਫ਼ੋਨ ਕਰੋ।",
    ),
}
"""Title and first danger line in other scripts, to see them set: written for a test, and read by nobody."""


def with_short(language: str = "pl", words: str = POLISH, **changes: str) -> dict[str, bytes]:
    """The pack's files with one small set. `changes` are rows of its table; an empty one is left out.

    Without changes a second person has read it, against today's English.
    """
    files = {name: data for name, data in pack_files().items() if not name.startswith("short.")}
    about = files["pack.toml"].partition(b"\n[short.")[0]  # without the drafts that are there
    files[f"short.{language}.md"] = words.encode()
    files["pack.toml"] = about + _table(language, {"translator": "T. Person", "english_digest": english_digest()})
    draft = parse_pack(files, "pack", ())
    rows = {
        "translator": "T. Person",
        "english_digest": english_digest(),
        "checker": "C. Person",
        "checked_digest": site_digest(draft.short[language]),
        **changes,
    }
    files["pack.toml"] = about + _table(language, rows)
    return files


def pack_with_short(language: str = "pl", words: str = POLISH, **changes: str) -> Pack:
    """The same, read."""
    return parse_pack(with_short(language, words, **changes), "pack", ())


def english_digest() -> str:
    """The digest of the small set in today's English."""
    return demo_pack().short["en"].english_digest or ""


def _table(language: str, rows: dict[str, str]) -> bytes:
    said = "".join(f'{key} = "{value}"\n' for key, value in rows.items() if value)
    return f"\n[short.{language}]\n{said}".encode()
