"""Reads of drafts: their words, what is frozen of them, and what people said of it."""
