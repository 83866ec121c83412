"""Where files come in: rolls, lists of schools, official figures."""
