"""What a person decides or says about adults: restrictions, objections, ways, homes, responsibility."""
