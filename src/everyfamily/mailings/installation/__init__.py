"""What this installation has: carriers, stand-ins, its clock, the marker, the links' secret."""
