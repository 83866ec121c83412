"""The rules of the matter. No Django, no network, no clock: time is passed in."""
