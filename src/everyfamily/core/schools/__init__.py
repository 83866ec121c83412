"""The national list of schools, the council's lists, the official figures, and the differences."""
