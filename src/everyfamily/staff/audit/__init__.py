"""The audit trail: who did what, and when, read in a browser and downloaded as a table."""
