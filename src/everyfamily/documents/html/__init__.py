"""Letters from outside as web pages, and what their styles look like."""
