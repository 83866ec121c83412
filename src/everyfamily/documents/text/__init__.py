"""Letters from outside as Markdown or plain text."""
