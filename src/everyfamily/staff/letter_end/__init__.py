"""A sealed letter is stopped: paused while somebody finds out, let go on, or withdrawn for good."""
