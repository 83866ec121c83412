"""What waits for each account, what they should know, and the mail about it."""
