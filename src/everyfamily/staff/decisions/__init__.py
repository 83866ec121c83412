"""What a lead decides: restrictions, parents and carers, children."""
