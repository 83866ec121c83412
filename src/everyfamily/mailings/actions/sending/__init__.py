"""From a due delivery to its outcome: decide, claim, call, record, ask, rescue."""
