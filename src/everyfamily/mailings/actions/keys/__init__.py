"""The keys of mailings' ledgers, and a new master key."""
