"""Harm: words and gaps that could hurt a child or a family."""
