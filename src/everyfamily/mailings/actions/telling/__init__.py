"""What schools are told by email at their own mailbox."""
