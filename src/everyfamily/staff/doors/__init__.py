"""Coming in: sign-in, second factor, invitations, and who is signed in now."""
