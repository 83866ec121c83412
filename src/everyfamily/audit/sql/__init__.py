"""The audit trail as the database keeps it: only added to, and linked at commit; run by migrations."""
