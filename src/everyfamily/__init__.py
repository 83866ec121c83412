"""A letter to every family: compose, check, agree, reach, account."""

__version__ = "0.1.0"
