"""The levels of a problem as linear models, and HiGHS asked exactly."""
