"""Pages of a school's own people: what waits at their school, and who works there with everyfamily."""
