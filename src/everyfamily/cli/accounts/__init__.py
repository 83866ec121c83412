"""Commands that account for every child."""
