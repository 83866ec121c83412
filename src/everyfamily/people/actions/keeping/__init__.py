"""Who left or died, what goes, what an adult may ask for, and keys that are changed."""
