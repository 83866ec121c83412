"""Schools that send for themselves: links, reminders, and what they file."""
