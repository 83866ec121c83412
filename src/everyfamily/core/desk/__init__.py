"""The desk: what waits for somebody, what they should know, and the mail about it. Pure."""
