"""Schools, pupils on roll, parents and their contact points. Each school's people belong only to that school."""
