"""Contact values and addresses in the one spelling that is compared: which mailboxes and homes are the same."""
