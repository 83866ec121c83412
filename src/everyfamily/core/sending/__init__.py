"""What to do next for one adult, when to stop, how long to keep, and what a carrier said."""
