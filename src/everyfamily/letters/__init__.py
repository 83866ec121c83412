"""Letters as agreed: the sealed record, its artefacts, approvals, routes and the year plan."""
