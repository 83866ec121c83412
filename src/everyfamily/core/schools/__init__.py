"""The national list of schools, the council's lists, the official figures, and what differs."""
