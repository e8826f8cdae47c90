"""Use-cases: verbs that check who may, act, record and tell; they flush and never commit."""
