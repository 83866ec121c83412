"""The settings of the partnership: what is in force, the history, and changing them by a new file."""
