"""From a table with a known layout to lines: one for each adult with a child."""
