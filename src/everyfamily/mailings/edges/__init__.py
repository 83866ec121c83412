"""Where work comes in: jobs, the worker, carriers' receipts, the reply mailbox."""
