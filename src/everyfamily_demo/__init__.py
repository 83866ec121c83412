"""The demo city: invented schools and families in the shape of a real city's roll."""
