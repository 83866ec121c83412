"""Content packs: the words on one topic, and what the parent site says about it."""
