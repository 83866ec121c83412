"""Evidence: nothing left open, nothing waived without a reason."""
