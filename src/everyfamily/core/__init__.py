"""The rules of the subject. No Django, no network, no clock: time is passed in."""
