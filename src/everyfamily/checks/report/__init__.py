"""Findings for people and for programs, and the reference pages."""
