"""What a browser says of itself, in the words of the person who uses it. Pure."""

from __future__ import annotations

# The first that is found counts: each browser also names those that it wants to be taken for.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_MACHINES = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "an Android phone or tablet"),
    ("CrOS", "a Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
)


def browser_words(user_agent: str) -> str:
    """Such as "Firefox on Windows", for what a browser sends as its name. Nothing is decided by it."""
    browser = next((words for mark, words in _BROWSERS if mark in user_agent), "")
    machine = next((words for mark, words in _MACHINES if mark in user_agent), "")
    if not browser and not machine:
        return "A browser that does not say what it is"
    return f"{browser or 'A browser'} on {machine}" if machine else browser
