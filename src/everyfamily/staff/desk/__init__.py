"""The desk: the first page of whoever is signed in."""
