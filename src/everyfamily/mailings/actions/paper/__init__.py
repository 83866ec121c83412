"""Copies that schools hand out, and print that was stopped."""
