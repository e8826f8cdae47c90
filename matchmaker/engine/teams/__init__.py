"""Whole teams: which needs are staffed and by whom, every level proven or its gap said."""
