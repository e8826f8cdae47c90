"""What rules and features read of a professional and a need, for one pair or for many."""
