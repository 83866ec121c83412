"""Paper to hand out."""
