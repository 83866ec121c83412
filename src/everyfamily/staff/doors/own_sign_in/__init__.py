"""A council's or a force's own sign-in, by OpenID Connect. allauth's dance, with every step of it checked here."""
