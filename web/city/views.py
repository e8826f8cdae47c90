"""Views of the city pages."""
