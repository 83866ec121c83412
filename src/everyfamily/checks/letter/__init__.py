"""What rules look for in a whole letter: signs, facts, routes, links, lines said."""
