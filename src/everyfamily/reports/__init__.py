"""Coverage and evidence. Only reads, as the planner: counts for every school, and no people."""
