"""What keeps a worker from calling a carrier: the letter, the pace, failures, an older database."""
