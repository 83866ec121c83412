"""The automatic answer to a reply."""
