"""Limits: what fits in a text message and on a sheet of paper."""
