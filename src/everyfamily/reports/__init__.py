"""Coverage and evidence. Reads only, as the planner: counts of every school, people of none."""
