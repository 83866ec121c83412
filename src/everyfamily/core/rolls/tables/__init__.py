"""From a table whose layout is known to lines: one for each adult beside a child."""
