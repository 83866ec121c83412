"""What was found, said to people and to programs; the reference pages."""
