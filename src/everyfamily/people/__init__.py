"""Schools, pupils on roll, parents, their contact points: each school's people are that school's alone."""
