"""Mailings: planning, deliveries, attempts, receipts, tasks for people, and the returns of schools."""
