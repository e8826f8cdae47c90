"""Views of the group pages."""
