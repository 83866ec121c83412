"""People: who has an account, inviting somebody, ending a role."""
