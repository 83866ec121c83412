"""What stops a worker from calling a carrier: the letter, the pace, failures, an older database."""
