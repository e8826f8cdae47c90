"""Measurements of rounds, pages and memory: ``python -m tests.benchmarks``. Nothing is asserted."""
