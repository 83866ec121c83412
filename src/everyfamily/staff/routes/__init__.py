"""The register of routes: who rings which number, what they found, and what happens if it is dead."""
