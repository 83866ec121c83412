"""Letters: begin one, write it, see how families will read it, send it for approval."""
