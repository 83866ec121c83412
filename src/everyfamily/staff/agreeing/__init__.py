"""Agreeing on a letter: signatories read and approve it, reviewers speak, and a coordinator or an author seals it."""
