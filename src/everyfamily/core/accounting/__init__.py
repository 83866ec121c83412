"""A child's outcome, the figures that add up, and what of them may be published."""
