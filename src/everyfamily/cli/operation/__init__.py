"""Commands for whoever looks after the installation: health, tasks, keys, audit, restoring."""
