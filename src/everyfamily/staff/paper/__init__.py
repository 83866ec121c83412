"""Paper that a school's classes take home: print it, say who got it, and bin it after a withdrawal."""
