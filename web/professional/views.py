"""Views of the professional pages."""
