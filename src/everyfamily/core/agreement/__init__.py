"""Who agreed to a letter: approvals, the seal, and the withdrawal notice."""
