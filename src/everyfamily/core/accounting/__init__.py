"""A child's outcome, the figures that add up, and which of them may be published."""
