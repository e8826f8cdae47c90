"""What the checks stand on, and no solver: a second count, a second score, bounds from prices."""
