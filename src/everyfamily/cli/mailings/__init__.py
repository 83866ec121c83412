"""Commands that open, send, stop, withdraw and follow."""
