"""The checklist before the first real letter."""
