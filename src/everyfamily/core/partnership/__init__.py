"""A partnership: who writes, who signs, which routes may be printed, and a new area's file."""
