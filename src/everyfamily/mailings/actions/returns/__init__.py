"""Schools that send the letter themselves: links, reminders, and what they file."""
