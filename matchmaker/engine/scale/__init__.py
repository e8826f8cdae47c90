"""A market too large to keep every pair: search, price and prove it block by block."""
