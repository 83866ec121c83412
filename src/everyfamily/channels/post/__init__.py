"""Carriers of paper."""
