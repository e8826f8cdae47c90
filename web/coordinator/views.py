"""Views of the coordinator pages."""
