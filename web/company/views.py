"""Views of the company pages."""
