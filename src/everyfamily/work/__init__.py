"""Work that is asked for on a screen and done by a worker in the background: its states, as rows of the matter."""
